// Node-RED for the tour and the tests: loopback only, its admin API wants a token, and nothing calls home.
const crypto = require("crypto");

function same(given, wanted) {
    if (!wanted) {
        return false;
    }
    const hash = (text) => crypto.createHash("sha256").update(String(text)).digest();
    return crypto.timingSafeEqual(hash(given), hash(wanted));
}

const builder = { username: "builder", permissions: "*" };
// A source only ever reads: its token may not deploy.
const source = { username: "handrail-source", permissions: ["flows.read"] };

module.exports = {
    uiHost: "127.0.0.1",
    uiPort: Number(process.env.PORT || 1880),
    flowFile: "flows.json",
    flowFilePretty: true,
    credentialSecret: process.env.NODE_RED_CREDENTIAL_SECRET || crypto.randomBytes(24).toString("hex"),
    adminAuth: {
        type: "credentials",
        users: async (username) => (process.env.NODE_RED_PASSWORD && username === "builder" ? builder : null),
        authenticate: async (username, password) =>
            username === "builder" && same(password, process.env.NODE_RED_PASSWORD) ? builder : null,
        tokens: async (token) => {
            if (same(token, process.env.NODE_RED_ADMIN_TOKEN)) {
                return builder;
            }
            return same(token, process.env.NODE_RED_READ_TOKEN) ? source : null;
        },
    },
    // The editor needs a password; without one there is only the admin API.
    disableEditor: !process.env.NODE_RED_PASSWORD,
    telemetry: { enabled: false, updateNotification: false },
    diagnostics: { enabled: false, ui: false },
    runtimeState: { enabled: false, ui: false },
    externalModules: {
        autoInstall: false,
        palette: { allowInstall: false, allowUpdate: false, allowUpload: false },
        modules: { allowInstall: false },
    },
    functionExternalModules: false,
    functionTimeout: 10,
    httpRequestTimeout: 30000,
    logging: { console: { level: "info", metrics: false, audit: false } },
    editorTheme: {
        tours: false,
        palette: { catalogues: [] },
        projects: { enabled: false },
        multiplayer: { enabled: false },
    },
};
