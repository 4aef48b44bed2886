using SchemaStream.Registry.Core;

namespace SchemaStream.Registry.Configuration;

/// <summary>The settings' names.</summary>
public static class RegistrySettingNames
{
    public const string Listeners = "listeners";
    public const string HostName = "host.name";
    public const string InterInstanceProtocol = "schema.registry.inter.instance.protocol";
    public const string InterInstanceHeaders = "schema.registry.inter.instance.headers.whitelist";
    public const string InterInstanceTrustStore = "schemastream.inter.instance.ssl.truststore.location";
    public const string GroupId = "schema.registry.group.id";
    public const string LeaderEligibility = "leader.eligibility";
    public const string LeaderSticky = "leader.election.sticky";
    public const string Compatibility = SettingKeys.CompatibilityLevel;
    public const string ModeMutability = SettingKeys.ModeMutability;
    public const string ImplicitContracts = SettingKeys.ImplicitContracts;
    public const string BootstrapServers = "kafkastore.bootstrap.servers";
    public const string Topic = "kafkastore.topic";
    public const string ContractsTopic = "schemastream.contracts.topic";
    public const string ReplicationFactor = "kafkastore.topic.replication.factor";
    public const string InitTimeout = "kafkastore.init.timeout.ms";
    public const string StoreTimeout = "kafkastore.timeout.ms";
    public const string SessionTimeout = "schemastream.leader.session.timeout.ms";
    public const string HeartbeatInterval = "schemastream.leader.heartbeat.interval.ms";
    public const string LeaderTimeout = "schemastream.leader.wait.timeout.ms";
    public const string ForwardTimeout = "schemastream.leader.forward.timeout.ms";
    public const string SecurityProtocol = "kafkastore.security.protocol";
    public const string SaslMechanism = "kafkastore.sasl.mechanism";
    public const string SaslJaas = "kafkastore.sasl.jaas.config";
    public const string StoreTrustStore = "kafkastore.ssl.truststore.location";
    public const string StoreTrustStorePassword = "kafkastore.ssl.truststore.password";
    public const string StoreKeyStore = "kafkastore.ssl.keystore.location";
    public const string StoreKeyStorePassword = "kafkastore.ssl.keystore.password";
    public const string StoreEndpointIdentification = "kafkastore.ssl.endpoint.identification.algorithm";
    public const string KeyStore = "ssl.keystore.location";
    public const string KeyStoreType = "ssl.keystore.type";
    public const string KeyStorePassword = "ssl.keystore.password";
    public const string KeyPassword = "ssl.key.password";
    public const string TrustStore = "ssl.truststore.location";
    public const string TrustStorePassword = "ssl.truststore.password";
    public const string ClientAuthentication = "ssl.client.authentication";
    public const string AuthenticationMethod = "authentication.method";
    public const string AuthenticationRealm = "authentication.realm";
    public const string AuthenticationRoles = "authentication.roles";
    public const string UsersFile = "schemastream.users.file";
    public const string PermissionsFile = "schemastream.permissions.file";
    public const string TokensFile = "schemastream.tokens.file";
    public const string JwtKeyFile = "schemastream.jwt.key.file";
    public const string JwtIssuer = "schemastream.jwt.issuer";
    public const string JwtAudience = "schemastream.jwt.audience";
    public const string JwtRolesClaim = "schemastream.jwt.roles.claim";
    public const string JwtClockSkew = "schemastream.jwt.clock.skew.ms";
    public const string DataDirectory = "schemastream.data.dir";
    public const string LargestRequest = "schemastream.request.max.bytes";
    public const string LargestSchema = "schemastream.schema.max.length";
    public const string MostReferences = "schemastream.schema.max.references";
    public const string DeepestReference = "schemastream.schema.max.reference.depth";
    public const string MostConnections = "schemastream.max.connections";
    public const string StopTimeout = "shutdown.graceful.ms";
    public const string Metrics = "schemastream.metrics";
    public const string LogLevel = "schemastream.log.level";
    public const string LogFormat = "schemastream.log.format";
}
