/** The shipped fonts for tests that print, as the app hands them to the renderers. */
import {readFileSync} from "node:fs";
import path from "node:path";
import type {Fonts} from "../src/bulletin/print/fonts.ts";

const FOLDER = path.resolve(import.meta.dirname, "../node_modules/@expo-google-fonts/noto-sans-sc");

/** Returns both fonts whole, 10 MB each. */
export function shippedFonts(): Fonts {
  return {
    regular: readFileSync(path.join(FOLDER, "400Regular/NotoSansSC_400Regular.ttf")),
    bold: readFileSync(path.join(FOLDER, "700Bold/NotoSansSC_700Bold.ttf")),
  };
}
