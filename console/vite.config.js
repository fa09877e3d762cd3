import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Nothing is inlined: the page is served with a policy that allows neither inline scripts nor
// data: addresses.
export default defineConfig({
  plugins: [svelte()],
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: "es2022" },
  server: { proxy: { "/api": process.env.FIREBREAK ?? "http://127.0.0.1:8080" } },
});
