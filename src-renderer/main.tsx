// First, since the order of the cascade layers is set there.
import './styles/index.css';

// zod compiles schemas with `new Function` where it may. Our content security policy forbids that and reports each
// try, so zod is told not to, in the place it looks, before the first schema is made.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

const { start } = await import('./app/start.tsx');
start(document.getElementById('root'));
