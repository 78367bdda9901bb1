/** What the shop sells. A leaf category, what its things are and are made of, and from what price to what. */
export interface Shelf {
  readonly name: string
  readonly nouns: readonly string[]
  readonly materials: readonly string[]
  /** Euros. */
  readonly from: number
  readonly to: number
}

/** name, nouns, materials, cheapest, dearest */
type ShelfLine = readonly [name: string, nouns: string, materials: string, from: number, to: number]

const shelves = (...lines: readonly ShelfLine[]): Shelf[] =>
  lines.map(([name, nouns, materials, from, to]) => ({
    name,
    nouns: nouns.split(', '),
    materials: materials.split(', '),
    from,
    to,
  }))

export const departments: Readonly<Record<string, readonly Shelf[]>> = {
  Kitchen: shelves(
    ['Knives', "Chef's Knife, Bread Knife, Santoku, Paring Knife", 'Steel, Oak, Damask', 19, 149],
    ['Cookware', 'Skillet, Saucepan, Stockpot, Wok', 'Iron, Copper, Steel, Enamel', 29, 189],
    ['Coffee & Tea', 'Press, Moka Pot, Teapot, Grinder, Dripper', 'Glass, Steel, Clay', 15, 119],
    ['Tableware', 'Plate, Bowl, Mug, Carafe, Platter', 'Stoneware, Porcelain, Glass', 8, 59],
  ),
  Home: shelves(
    ['Lighting', 'Desk Lamp, Floor Lamp, Pendant, Lantern', 'Brass, Oak, Paper, Opal', 25, 229],
    ['Textiles', 'Blanket, Bed Sheet, Cushion, Bath Towel, Rug', 'Wool, Linen, Cotton', 12, 199],
    ['Storage', 'Basket, Shelf, Coat Rack, Chest, Wall Hook', 'Oak, Willow, Cork, Steel', 9, 179],
    ['Candles & Scent', 'Candle, Diffuser, Room Spray', 'Beeswax, Cedar, Fig, Neroli', 7, 49],
  ),
  Garden: shelves(
    ['Hand Tools', 'Trowel, Secateurs, Rake, Watering Can', 'Steel, Ash, Copper, Zinc', 11, 89],
    ['Pots', 'Pot, Planter, Window Box, Hanging Pot', 'Terracotta, Zinc, Stoneware', 6, 99],
    ['Seeds', 'Seeds, Seed Mix, Seed Tape', 'Tomato, Basil, Kale, Wildflower', 2, 9],
    ['Outdoor Living', 'Hammock, Fire Bowl, Chair, Parasol', 'Teak, Steel, Canvas', 35, 299],
  ),
  Outdoors: shelves(
    ['Backpacks', 'Daypack, Trekking Pack, Dry Bag, Hip Bag', 'Canvas, Ripstop, Cordura', 29, 219],
    ['Shelter', 'Tent, Sleeping Bag, Tarp, Hammock Tent', 'Ripstop, Down, Cotton', 79, 449],
    ['Camp Gear', 'Stove, Headlamp, Mug, Cook Set, Lantern', 'Titanium, Steel, Alu', 9, 99],
    ['Bottles', 'Water Bottle, Thermos, Flask, Food Jar', 'Steel, Glass, Cork', 12, 49],
  ),
  Office: shelves(
    ['Paper', 'Notebook, Sketchbook, Planner, Index Cards', 'Linen, Cotton, Kraft', 5, 39],
    ['Pens', 'Fountain Pen, Rollerball, Pencil Set', 'Brass, Ebony, Cedar, Resin', 4, 159],
    ['Desk', 'Pen Tray, Monitor Stand, Desk Mat, Bookend', 'Oak, Felt, Cork, Steel', 15, 129],
  ),
  Play: shelves(
    ['Games', 'Chess Set, Dominoes, Go Board, Dice', 'Walnut, Maple, Marble', 9, 149],
    ['Puzzles', 'Puzzle, Burr Puzzle, Globe Puzzle', 'Birch, Card, Walnut', 12, 69],
    ['Wooden Toys', 'Train, Blocks, Marble Run, Spinning Top', 'Beech, Maple, Lime', 8, 119],
  ),
  Pets: shelves(
    ['Dogs', 'Dog Bed, Leash, Collar, Chew Toy', 'Leather, Hemp, Wool', 9, 139],
    ['Cats', 'Scratching Post, Cat Bed, Feather Toy', 'Sisal, Felt, Willow', 5, 159],
  ),
}

export const series = 'Lumo Nordvik Kaze Solène Øst Prado Ibis Tarn Yuzu Fjell Ombra Größe'.split(
  ' ',
)
export const colors = 'natural black white sage ochre navy terracotta grey'.split(' ')
