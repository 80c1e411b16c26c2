// Reports what a page asks permission for. The browser itself says no; connections between peers are refused here too.
(() => {
  const tell = window.__scoreModelRefused;
  const report = (what) => {
    try {
      Promise.resolve(tell(what)).catch(() => {});
    } catch {
      // the page is being left: there is nobody to tell
    }
  };
  const watch = (holder, name, what) => {
    const real = holder && holder[name];
    if (typeof real !== "function") return;
    holder[name] = function (...args) {
      report(what);
      return Reflect.apply(real, this, args);
    };
  };
  const own = (type) => typeof window[type] === "function" && window[type].prototype;
  watch(own("Geolocation"), "getCurrentPosition", "geolocation");
  watch(own("Geolocation"), "watchPosition", "geolocation");
  watch(window.Notification, "requestPermission", "notifications");
  watch(own("MediaDevices"), "getUserMedia", "camera or microphone");
  watch(own("MediaDevices"), "getDisplayMedia", "screen");
  watch(own("Clipboard"), "read", "clipboard");
  watch(own("Clipboard"), "readText", "clipboard");
  watch(own("Navigator"), "requestMIDIAccess", "midi");
  watch(own("Bluetooth"), "requestDevice", "bluetooth");
  watch(own("USB"), "requestDevice", "usb");
  watch(own("Serial"), "requestPort", "serial");
  watch(own("HID"), "requestDevice", "hid");
  for (const name of ["showOpenFilePicker", "showSaveFilePicker", "showDirectoryPicker"]) watch(window, name, "files");
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"]) {
    if (typeof window[name] !== "function") continue;
    window[name] = function () {
      report("peer connection");
      throw new DOMException("peer connections are refused", "NotAllowedError");
    };
  }
})()
