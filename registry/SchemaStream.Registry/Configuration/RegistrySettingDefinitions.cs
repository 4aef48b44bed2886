using System.Collections.Frozen;

namespace SchemaStream.Registry.Configuration;

/// <summary>All settings there are, and those of Confluent's that mean nothing here.</summary>
public static class RegistrySettingDefinitions
{
    /// <summary>Settings of Confluent's whose subject does not exist here, or is always on: a configuration that has them is taken over as it is.</summary>
    public static readonly FrozenSet<string> WithoutEffect = new[]
    {
        "debug", "kafkastore.connection.url", "kafkastore.group.id", "kafkastore.write.max.retries", "kafkastore.checkpoint.dir",
        "kafkastore.topic.skip.validation", "schema.registry.zk.namespace", "zookeeper.set.acl", "master.eligibility",
        "schema.cache.size", "schema.cache.expiry.secs", "schema.canonicalize.on.consume", "schema.validate.fields",
        "schema.search.default.limit", "schema.search.max.limit", "subject.search.default.limit", "subject.search.max.limit",
        "resource.extension.class", "resource.static.locations", "response.mediatype.default", "response.mediatype.preferred",
        "response.http.headers.config", "access.control.allow.headers", "access.control.allow.methods", "access.control.allow.origin",
        "access.control.skip.options", "avro.compatibility.level", "compression.enable", "confluent.license", "confluent.license.topic",
        "csrf.prevention.enable", "http2.enabled", "idle.timeout.ms", "inter.instance.listener.name", "metric.reporters",
        "metrics.jmx.prefix", "metrics.num.samples", "metrics.sample.window.ms", "metrics.tag.map", "request.logger.name",
        "request.queue.capacity", "request.queue.capacity.growby", "request.queue.capacity.init", "rest.servlet.initializor.classes",
        "schema.providers", "ssl.cipher.suites", "ssl.enabled.protocols", "ssl.keymanager.algorithm", "ssl.protocol", "ssl.provider",
        "ssl.trustmanager.algorithm", "ssl.truststore.type", "ssl.endpoint.identification.algorithm", "thread.pool.max", "thread.pool.min",
        "websocket.path.prefix", "websocket.servlet.initializor.classes", "associations.enable", "init.resource.extension.class",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, RegistrySettingDefinition> All =
        Serving().Concat(Rules()).Concat(Store()).Concat(Security()).Concat(Running())
            .ToFrozenDictionary(setting => setting.Name, StringComparer.Ordinal);

    private static IEnumerable<RegistrySettingDefinition> Serving() =>
    [
        new(RegistrySettingNames.Listeners, "http://0.0.0.0:8081", "Where it serves: `http://HOST:PORT` or `https://HOST:PORT`, separated by commas. Port 0 takes a free one."),
        new(RegistrySettingNames.HostName, "", "The host at which other instances reach this one; otherwise the first listener's, or this machine's name where that is every address."),
        new(RegistrySettingNames.InterInstanceProtocol, "http", "Which listener other instances are told of, where there are both: `http` or `https`."),
        new(RegistrySettingNames.InterInstanceHeaders, "", "Request headers that go along to the leader besides `Authorization` and `X-Request-ID`, separated by commas."),
        new(RegistrySettingNames.InterInstanceTrustStore, "", "Authorities, as PEM, by which the leader's `https` is trusted; otherwise those of the system."),
        new(RegistrySettingNames.GroupId, "schema-registry", "The group by which instances elect their leader; instances with one group and one topic are one registry."),
        new(RegistrySettingNames.LeaderEligibility, "true", "Whether this instance may lead; one that may not serves reads and passes writes on."),
        new(RegistrySettingNames.LeaderSticky, "true", "Whether a leader stays when instances come; otherwise the one with the smallest URL leads."),
    ];

    private static IEnumerable<RegistrySettingDefinition> Rules() =>
    [
        new(RegistrySettingNames.Compatibility, "BACKWARD", "The level of subjects for which nobody has set one: `NONE`, `BACKWARD`, `FORWARD`, `FULL`, or with `_TRANSITIVE`."),
        new(RegistrySettingNames.ModeMutability, "true", "Whether `PUT /mode` is allowed."),
        new(RegistrySettingNames.ImplicitContracts, "enforce", "What the first schema under `<topic>-key` or `<topic>-value` means: `enforce` binds the topic's contract, `record` binds and warns only, `off` binds nothing."),
        new(RegistrySettingNames.LargestSchema, "1048576", "The longest schema text, in characters; longer ones are refused with 42209."),
        new(RegistrySettingNames.MostReferences, "500", "The most references of one schema, indirect ones included."),
        new(RegistrySettingNames.DeepestReference, "32", "How many references may follow one another."),
    ];

    private static IEnumerable<RegistrySettingDefinition> Store() =>
    [
        new(RegistrySettingNames.BootstrapServers, "", "Brokers of the cluster that keeps the log: `HOST:PORT`, with or without a protocol before it, separated by commas. Empty: the log is an SQLite file in `schemastream.data.dir`."),
        new(RegistrySettingNames.Topic, "_schemas", "The compacted topic of schemas; made when missing."),
        new(RegistrySettingNames.ContractsTopic, "_schemastream_contracts", "The topic of contracts, which keeps everything; made when missing."),
        new(RegistrySettingNames.ReplicationFactor, "3", "Replicas of topics made here, or as many as there are brokers if those are fewer."),
        new(RegistrySettingNames.InitTimeout, "60000", "How long the cluster may take until the registry has started, in milliseconds."),
        new(RegistrySettingNames.StoreTimeout, "10000", "How long a write may take, in milliseconds; later it is answered with 50002."),
        new(RegistrySettingNames.SessionTimeout, "10000", "A leader that the group has not heard of for so long is replaced, in milliseconds; brokers take 6000 or more."),
        new(RegistrySettingNames.HeartbeatInterval, "1000", "How often an instance tells the group that it is there, in milliseconds."),
        new(RegistrySettingNames.LeaderTimeout, "15000", "How long a write waits for a leader, in milliseconds: longer than a session, or a leader's death is an error to writers."),
        new(RegistrySettingNames.ForwardTimeout, "15000", "How long a write that is passed on may take, in milliseconds, until this instance has read it back."),
        new(RegistrySettingNames.SecurityProtocol, "PLAINTEXT", "How brokers are spoken to: `PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`."),
        new(RegistrySettingNames.SaslMechanism, "PLAIN", "`PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`."),
        new(RegistrySettingNames.SaslJaas, "", "Name and password, as Java's clients have them: `… required username=\"…\" password=\"…\";`."),
        new(RegistrySettingNames.StoreTrustStore, "", "Authorities, as PEM or PKCS12, by which brokers are trusted; otherwise those of the system."),
        new(RegistrySettingNames.StoreTrustStorePassword, "", "The password of that file, if it has one."),
        new(RegistrySettingNames.StoreKeyStore, "", "This instance's certificate and key, as PEM or PKCS12, for brokers that ask for one."),
        new(RegistrySettingNames.StoreKeyStorePassword, "", "The password of that file, if it has one."),
        new(RegistrySettingNames.StoreEndpointIdentification, "https", "`https` checks the names in brokers' certificates; empty does not."),
    ];

    private static IEnumerable<RegistrySettingDefinition> Security() =>
    [
        new(RegistrySettingNames.KeyStore, "", "The server's certificate and key, as PEM or PKCS12, for `https` listeners."),
        new(RegistrySettingNames.KeyStoreType, "", "`PEM` or `PKCS12`; otherwise the file's ending says it. A `JKS` file has to be converted."),
        new(RegistrySettingNames.KeyStorePassword, "", "The password of a PKCS12 file."),
        new(RegistrySettingNames.KeyPassword, "", "The password of an encrypted key in a PEM file."),
        new(RegistrySettingNames.TrustStore, "", "Authorities, as PEM or PKCS12, by which clients' certificates are trusted."),
        new(RegistrySettingNames.TrustStorePassword, "", "The password of that file, if it has one."),
        new(RegistrySettingNames.ClientAuthentication, "NONE", "Whether clients show a certificate: `NONE`, `REQUESTED` or `REQUIRED`."),
        new(RegistrySettingNames.AuthenticationMethod, "NONE", "`NONE`, `BASIC`, `BEARER`, or both, separated by a comma."),
        new(RegistrySettingNames.AuthenticationRealm, "schema-registry", "What clients are told when credentials are missing."),
        new(RegistrySettingNames.AuthenticationRoles, "**", "The roles that may use the registry at all, separated by commas; `*` and `**` are everyone who is known."),
        new(RegistrySettingNames.UsersFile, "", "Users for `BASIC`, a line each: `NAME:HASH:ROLE,…`. `schemastream registry hash-password` makes the hash."),
        new(RegistrySettingNames.TokensFile, "", "Static tokens for `BEARER`, a line each: `SHA-256-IN-HEX:NAME:ROLE,…`."),
        new(RegistrySettingNames.JwtKeyFile, "", "The key of JSON web tokens for `BEARER`: an RSA public key as PEM (RS256), or a secret of at least 32 bytes (HS256)."),
        new(RegistrySettingNames.JwtIssuer, "", "Who must have issued a token (`iss`); empty asks no one."),
        new(RegistrySettingNames.JwtAudience, "", "Whom a token must be for (`aud`); empty asks for none."),
        new(RegistrySettingNames.JwtRolesClaim, "roles", "The claim that has a token's roles, as a list or a text with spaces."),
        new(RegistrySettingNames.JwtClockSkew, "30000", "How far clocks may differ when `exp` and `nbf` are checked, in milliseconds."),
        new(RegistrySettingNames.PermissionsFile, "", "Who may do what, a line each: `WHO PREFIX PERMISSION,…`. Empty: whoever is known may do everything."),
    ];

    private static IEnumerable<RegistrySettingDefinition> Running() =>
    [
        new(RegistrySettingNames.DataDirectory, "schemastream-registry", "Where the SQLite log lives, where there is no cluster; made when missing."),
        new(RegistrySettingNames.LargestRequest, "8388608", "The largest request body, in bytes."),
        new(RegistrySettingNames.MostConnections, "10000", "How many connections are served at once."),
        new(RegistrySettingNames.StopTimeout, "10000", "How long requests in flight are waited for at a stop, in milliseconds."),
        new(RegistrySettingNames.Metrics, "true", "Whether requests are counted and `/metrics` is served."),
        new(RegistrySettingNames.LogLevel, "Information", "The least severe message that is logged: `Trace`, `Debug`, `Information`, `Warning`, `Error`, `Critical` or `None`."),
        new(RegistrySettingNames.LogFormat, "text", "`text`, a line each, or `json`."),
    ];
}
