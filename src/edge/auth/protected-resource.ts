/** What clients learn of the authorization server (RFC 9728). */
export function toResourceMetadata(
  resource: string,
  issuer: string,
  scopes: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    // Clients compare it with the URL that somebody typed, to the letter.
    resource,
    authorization_servers: [issuer],
    ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
  }
}

/** The well-known part stands before the path (RFC 9728 §3.1). */
export function toMetadataUrl(resource: string): string {
  const { origin, pathname, search } = new URL(resource)
  return `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}${search}`
}
