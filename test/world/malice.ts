/** Pages for tests that want out of the browser: to other hosts, to loopback, onto the disk, or never to come to an end. */

/** Where such a page tries to get to. */
export interface Prey {
  /** Another host of the world, which must not be asked for anything. */
  readonly host: string;
  /** Something that listens on loopback: `127.0.0.1:1234`. */
  readonly loopback: string;
  /** Something that listens for UDP on loopback. */
  readonly udp: string;
}

/** One malicious page. `isBlocking`: it keeps the browser busy, so it cannot share a page with others. */
export interface Malice {
  readonly name: string;
  readonly html: (prey: Prey) => string;
  readonly isBlocking?: boolean;
}

const script = (code: string): string => `<script>try{${code}}catch(e){}</script>`;
const everywhere = ({host, loopback}: Prey): string[] => [
  `http://${host}/x`,
  `https://${host}/x`,
  `http://${loopback}/x`,
];
const each = (prey: Prey, make: (url: string) => string): string => everywhere(prey).map(make).join("");

export const MALICE: readonly Malice[] = [
  {name: "images", html: (prey) => each(prey, (url) => `<img src="${url}">`)},
  {name: "frames", html: (prey) => each(prey, (url) => `<iframe src="${url}"></iframe>`)},
  {
    name: "style sheets",
    html: (prey) => each(prey, (url) => `<link rel=stylesheet href="${url}"><style>@import "${url}"</style>`),
  },
  {
    name: "fonts",
    html: (prey) =>
      each(prey, (url) => `<style>@font-face{font-family:a;src:url(${url})}p{font-family:a}</style><p>a</p>`),
  },
  {name: "scripts of others", html: (prey) => each(prey, (url) => `<script src="${url}"></script>`)},
  {name: "fetch", html: (prey) => each(prey, (url) => script(`fetch("${url}",{mode:"no-cors"}).catch(()=>0)`))},
  {name: "beacons", html: (prey) => each(prey, (url) => script(`navigator.sendBeacon("${url}","x")`))},
  {
    name: "web sockets",
    html: ({host, loopback}) => script(`new WebSocket("ws://${host}/");new WebSocket("ws://${loopback}/")`),
  },
  {name: "event sources", html: (prey) => each(prey, (url) => script(`new EventSource("${url}")`))},
  {
    name: "WebRTC",
    html: ({udp}) =>
      script(
        `const p=new RTCPeerConnection({iceServers:[{urls:"stun:${udp}"}]});p.createDataChannel("a");p.createOffer().then(o=>p.setLocalDescription(o))`,
      ),
  },
  {name: "WebTransport", html: ({loopback}) => script(`new WebTransport("https://${loopback}/").ready.catch(()=>0)`)},
  {
    name: "prefetch",
    html: (prey) =>
      each(
        prey,
        (url) =>
          `<link rel=prefetch href="${url}"><link rel=preconnect href="${url}"><link rel=dns-prefetch href="${url}">`,
      ),
  },
  {
    name: "speculation",
    html: ({host}) =>
      `<script type=speculationrules>{"prerender":[{"source":"list","urls":["http://${host}/x"]}]}</script>`,
  },
  {
    name: "workers",
    html: (prey) =>
      script(
        `new Worker(URL.createObjectURL(new Blob([${JSON.stringify(
          everywhere(prey)
            .map((url) => `try{importScripts("${url}")}catch(e){}`)
            .join(""),
        )}])))`,
      ),
  },
  {name: "a service worker", html: () => script(`navigator.serviceWorker.register("/worker.js").catch(()=>0)`)},
  {
    name: "objects and embeds",
    html: (prey) => each(prey, (url) => `<object data="${url}"></object><embed src="${url}">`),
  },
  {
    name: "video and audio",
    html: (prey) => each(prey, (url) => `<video autoplay src="${url}"></video><audio autoplay src="${url}"></audio>`),
  },
  {
    name: "a form that sends itself into a frame",
    html: ({loopback}) =>
      `<iframe name=f></iframe><form target=f method=post action="http://${loopback}/x"></form>${script("document.forms[document.forms.length-1].submit()")}`,
  },
  {name: "popups", html: (prey) => each(prey, (url) => script(`for(let i=0;i<20;i++)window.open("${url}")`))},
  {
    name: "files of the machine",
    html: () =>
      `<iframe src="file:///etc/passwd"></iframe><img src="file:///etc/passwd"><a id=f href="file:///etc/passwd">x</a>${script("document.getElementById('f').click()")}`,
  },
  {
    name: "a download by link",
    html: () =>
      `<a id=d download="evil.bin" href="data:application/octet-stream;base64,AAAA">x</a>${script("document.getElementById('d').click()")}`,
  },
  {name: "a download by frame", html: () => `<iframe src="/evil.bin"></iframe>`},
  {
    name: "other schemes",
    html: () =>
      `<iframe src="chrome://settings"></iframe><iframe src="view-source:http://a/"></iframe><iframe src="ftp://a.example/"></iframe>${script('location.assign("mailto:a@b.example")')}`,
  },
  {
    name: "permissions",
    html: () =>
      script(
        `Notification.requestPermission();navigator.geolocation.getCurrentPosition(()=>0);navigator.mediaDevices&&navigator.mediaDevices.getUserMedia({audio:true}).catch(()=>0)`,
      ),
  },
  {
    name: "file choosers and prints",
    html: () => `<input type=file id=c>${script("document.getElementById('c').click();print()")}`,
  },
  {name: "a move to another host", html: ({host}) => script(`location.replace("http://${host}/x")`), isBlocking: true},
  {name: "endless alerts", html: () => script("for(;;)alert(1)"), isBlocking: true},
  {name: "an endless loop", html: () => script("for(;;);"), isBlocking: true},
  {
    name: "a million nodes",
    html: () => script(`let s="";for(let i=0;i<1e6;i++)s+="<b>x";document.body.innerHTML=s`),
    isBlocking: true,
  },
  {name: "all memory", html: () => script("const a=[];for(;;)a.push(new Uint8Array(5e7).fill(1))"), isBlocking: true},
];
