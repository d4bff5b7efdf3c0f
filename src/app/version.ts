import about from "../../package.json" with {type: "json"};

/** Version of the product. */
export const TOOL_VERSION: string = about.version;
