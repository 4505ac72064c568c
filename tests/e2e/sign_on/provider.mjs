// provider.mjs PORT REDIRECT_URI: an OpenID provider on this machine that asks for PKCE and a client secret. Prints "ready".
import { Provider } from 'oidc-provider';

const [port, redirect] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: 'wangge', client_secret: 'a secret & more', redirect_uris: [redirect], grant_types: ['authorization_code'], response_types: ['code'] }],
  claims: { openid: ['sub'], profile: ['preferred_username'] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: `s-${id}`, preferred_username: id }) }),
  cookies: { keys: ['only for a test'] },
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
