/** The pages of the made-up world: each is there until somebody takes it down. */
import type {Thing} from "./plan.ts";
import type {Scene} from "./scene.ts";

/** See the head of this file. */
export interface Pages {
  /** Puts a thing's pages online, with its name and its address. */
  place(thing: Thing): void;
  remove(thing: Thing): void;
}

const NOT_FOUND = "<html><title>404 Not Found</title><h1>Not Found</h1></html>";

/** Opens the pages of a scene. */
export function openPages({world, registry}: Scene): Pages {
  const up = new Map<string, string>();
  return {
    place: (thing) => {
      const {host, domain, urls, ip, registrar} = thing;
      if (host === null || domain === null) return;
      if (registrar !== null) registry.domains.set(domain, registrar);
      world.dns.names.set(host, {a: [ip]});
      world.dns.names.set(domain, {ns: ["ns.sample.example"]});
      world.sites.hosts.set(host, {
        answer: (request, response) => {
          const html = up.get(`http://${host}${request.url}`) ?? up.get(`http://${host}`);
          response.writeHead(html === undefined ? 404 : 200, {"content-type": "text/html; charset=utf-8"});
          response.end(html ?? NOT_FOUND);
        },
      });
      for (const url of pathsOf(thing, urls)) up.set(url, htmlOf(thing));
    },
    remove: (thing) => {
      for (const url of pathsOf(thing, thing.urls)) up.delete(url);
    },
  };
}

/** A site that was broken into is looked at by its first page. */
function pathsOf({class: problem, host}: Thing, urls: readonly string[]): string[] {
  return problem === "web.deface" || problem === "web.backdoor" ? [`http://${host}`] : [...urls];
}

function htmlOf({number, brand, class: problem}: Thing): string {
  const name = brand ?? problem;
  return `<html><head><title>${name} ${number}</title></head><body><h1>${name}</h1><p>synthetic page ${number} of a test, ${problem}</p>
<form action="/go"><input name=user><input type=password name=secret></form><a href="/help">help</a></body></html>`;
}
