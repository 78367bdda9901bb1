/** A name for people: `orders_of_customer` is called "Orders of customer". */
export const toTitle = (name: string): string =>
  `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`
