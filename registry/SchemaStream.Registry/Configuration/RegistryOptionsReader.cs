using System.Text.RegularExpressions;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Client.Security;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Security;
using SchemaStream.Registry.Security.Identities;
using SchemaStream.Registry.Security.Permissions;

namespace SchemaStream.Registry.Configuration;

/// <summary>From settings to options: every value is checked here, once, and a bad one is refused with what would do.</summary>
public static partial class RegistryOptionsReader
{
    /// <exception cref="RegistryConfigurationException">A value is no good.</exception>
    public static RegistryOptions Read(RegistryConfiguration settings, TimeProvider time) => Read(settings, time, brokers: null);

    /// <summary>For a registry whose brokers are known otherwise.</summary>
    /// <exception cref="RegistryConfigurationException">A value is no good.</exception>
    public static RegistryOptions Read(
        RegistryConfiguration settings, TimeProvider time, Func<CancellationToken, ValueTask<IReadOnlyList<BrokerAddress>>>? brokers)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var listeners = Listeners(settings);
        var tls = TlsOf(settings, listeners);
        return new RegistryOptions
        {
            DataDirectory = settings.Value(RegistrySettingNames.DataDirectory),
            Listeners = listeners,
            Tls = tls,
            GroupId = settings.Value(RegistrySettingNames.GroupId),
            Settings = Rules(settings),
            Kafka = Store(settings, listeners, brokers),
            Security = Security(settings, time),
            LargestRequestBytes = settings.Number(RegistrySettingNames.LargestRequest, 1024, 1 << 30),
            MostConnections = (int)settings.Number(RegistrySettingNames.MostConnections, 1, 1_000_000),
            StopTimeout = settings.Duration(RegistrySettingNames.StopTimeout),
            Metrics = settings.Flag(RegistrySettingNames.Metrics) ? MetricsPage.Served : MetricsPage.Omitted,
        };
    }

    /// <summary>In order, those that other instances are told of first.</summary>
    private static IReadOnlyList<RegistryListener> Listeners(RegistryConfiguration settings)
    {
        var preferred = settings.Choice(RegistrySettingNames.InterInstanceProtocol, "HTTP", "HTTPS") == "HTTPS"
            ? ListenerScheme.Https
            : ListenerScheme.Http;
        IReadOnlyList<RegistryListener> listeners =
        [
            .. settings.Values(RegistrySettingNames.Listeners).Select(text => Listener(settings, text))
                .OrderBy(listener => listener.Scheme != preferred),
        ];
        return listeners.Count > 0 ? listeners : throw settings.Bad(RegistrySettingNames.Listeners, "at least one http://HOST:PORT");
    }

    private static RegistryListener Listener(RegistryConfiguration settings, string text)
    {
        // Java's listeners may leave the host out, which is no URI.
        var uri = text.Replace("://:", "://0.0.0.0:", StringComparison.Ordinal);
        return Uri.TryCreate(uri, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            && address.AbsolutePath == "/"
            && address.Query.Length == 0
                ? new RegistryListener(
                    address.Scheme == "https" ? ListenerScheme.Https : ListenerScheme.Http, address.DnsSafeHost, address.Port)
                : throw settings.Bad(RegistrySettingNames.Listeners, "http://HOST:PORT or https://HOST:PORT, separated by commas");
    }

    private static RegistrySettings Rules(RegistryConfiguration settings)
    {
        var rules = new RegistrySettings
        {
            LargestSchemaLength = (int)settings.Number(RegistrySettingNames.LargestSchema, 1, 1 << 28),
            MostReferences = (int)settings.Number(RegistrySettingNames.MostReferences, 0, 100_000),
            DeepestReference = (int)settings.Number(RegistrySettingNames.DeepestReference, 0, 1_000),
        };
        foreach (var key in SettingKeys.All)
        {
            rules = rules.With(key, settings.Value(key)).TryGet(out var changed, out _)
                ? changed
                : throw settings.Bad(key, SettingKeys.Choices(key));
        }

        return rules;
    }

    private static ServerTls? TlsOf(RegistryConfiguration settings, IReadOnlyList<RegistryListener> listeners)
    {
        if (listeners.All(listener => listener.Scheme == ListenerScheme.Http))
        {
            return null;
        }

        if (settings.Given(RegistrySettingNames.KeyStore) is null)
        {
            throw settings.Bad(RegistrySettingNames.KeyStore, "a certificate with its key, since a listener is https");
        }

        var type = settings.Given(RegistrySettingNames.KeyStoreType) is null
            ? null
            : settings.Choice(RegistrySettingNames.KeyStoreType, "PEM", "PKCS12");
        var (certificate, chain) = CertificateFiles.Own(
            settings,
            RegistrySettingNames.KeyStore,
            type,
            settings.Given(RegistrySettingNames.KeyStorePassword),
            settings.Given(RegistrySettingNames.KeyPassword));
        return new ServerTls
        {
            Certificate = certificate,
            Chain = chain,
            ClientCertificates = settings.Choice(RegistrySettingNames.ClientAuthentication, "NONE", "REQUESTED", "REQUIRED") switch
            {
                "REQUESTED" => ClientCertificates.Requested,
                "REQUIRED" => ClientCertificates.Required,
                _ => ClientCertificates.None,
            },
            ClientAuthorities = settings.Given(RegistrySettingNames.TrustStore) is null ? null : CertificateFiles.Authorities(
                settings, RegistrySettingNames.TrustStore, settings.Given(RegistrySettingNames.TrustStorePassword)),
        };
    }

    private static KafkaStoreOptions? Store(
        RegistryConfiguration settings,
        IReadOnlyList<RegistryListener> listeners,
        Func<CancellationToken, ValueTask<IReadOnlyList<BrokerAddress>>>? brokers)
    {
        var servers = settings.Given(RegistrySettingNames.BootstrapServers);
        if (brokers is null && servers is null)
        {
            return null;
        }

        var protocol = settings.Choice(RegistrySettingNames.SecurityProtocol, "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
        try
        {
            return new KafkaStoreOptions
            {
                Bootstrap = brokers ?? KafkaStoreOptions.Brokers(servers!),
                Topic = settings.Value(RegistrySettingNames.Topic),
                ContractsTopic = settings.Value(RegistrySettingNames.ContractsTopic),
                ReplicationFactor = (short)settings.Number(RegistrySettingNames.ReplicationFactor, 1, short.MaxValue),
                InitTimeout = settings.Duration(RegistrySettingNames.InitTimeout),
                WriteTimeout = settings.Duration(RegistrySettingNames.StoreTimeout),
                SessionTimeout = Leading(settings, RegistrySettingNames.SessionTimeout),
                HeartbeatInterval = Leading(settings, RegistrySettingNames.HeartbeatInterval),
                LeaderTimeout = Leading(settings, RegistrySettingNames.LeaderTimeout),
                ForwardTimeout = Leading(settings, RegistrySettingNames.ForwardTimeout),
                Tls = protocol.EndsWith("SSL", StringComparison.Ordinal) ? StoreTls(settings) : null,
                Sasl = protocol.StartsWith("SASL", StringComparison.Ordinal) ? Sasl(settings) : null,
                Eligibility = settings.Flag(RegistrySettingNames.LeaderEligibility) ? LeaderEligibility.Eligible : LeaderEligibility.Ineligible,
                Stickiness = settings.Flag(RegistrySettingNames.LeaderSticky) ? LeaderStickiness.Sticky : LeaderStickiness.SmallestUrl,
                AdvertisedHost = settings.Given(RegistrySettingNames.HostName)
                    ?? (listeners[0].Host is "0.0.0.0" or "::" ? Environment.MachineName : listeners[0].Host),
                PeerAuthorities = settings.Given(RegistrySettingNames.InterInstanceTrustStore) is null
                    ? null
                    : CertificateFiles.Authorities(settings, RegistrySettingNames.InterInstanceTrustStore, password: null),
                ForwardedHeaders = settings.Values(RegistrySettingNames.InterInstanceHeaders),
            };
        }
        catch (FormatException malformed)
        {
            throw settings.Bad(RegistrySettingNames.BootstrapServers, $"HOST:PORT, separated by commas ({malformed.Message})", malformed);
        }
    }

    /// <summary>Shorter ones would keep instances busy with nothing but each other.</summary>
    private static TimeSpan Leading(RegistryConfiguration settings, string key) =>
        TimeSpan.FromMilliseconds(settings.Number(key, 100, 3_600_000));

    private static TlsOptions StoreTls(RegistryConfiguration settings) => new()
    {
        TrustedAuthorities = settings.Given(RegistrySettingNames.StoreTrustStore) is null ? null : CertificateFiles.Authorities(
            settings, RegistrySettingNames.StoreTrustStore, settings.Given(RegistrySettingNames.StoreTrustStorePassword)),
        ClientCertificate = settings.Given(RegistrySettingNames.StoreKeyStore) is null ? null : CertificateFiles.Own(
            settings, RegistrySettingNames.StoreKeyStore, type: null, settings.Given(RegistrySettingNames.StoreKeyStorePassword), keyPassword: null)
            .Certificate,
        HostNameCheck = settings.Given(RegistrySettingNames.StoreEndpointIdentification) is null ? HostNameCheck.Omitted : HostNameCheck.Required,
    };

    private static SaslOptions Sasl(RegistryConfiguration settings)
    {
        var mechanism = settings.Choice(RegistrySettingNames.SaslMechanism, "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512") switch
        {
            "SCRAM-SHA-256" => SaslMechanism.ScramSha256,
            "SCRAM-SHA-512" => SaslMechanism.ScramSha512,
            _ => SaslMechanism.Plain,
        };
        var jaas = settings.Value(RegistrySettingNames.SaslJaas);
        return Username().Match(jaas) is { Success: true } name && Password().Match(jaas) is { Success: true } password
            ? new SaslOptions(mechanism, Unescape(name.Groups[1].Value), Unescape(password.Groups[1].Value))
            : throw settings.Bad(RegistrySettingNames.SaslJaas, "… required username=\"…\" password=\"…\";");
    }

    private static SecurityOptions Security(RegistryConfiguration settings, TimeProvider time)
    {
        var methods = settings.Values(RegistrySettingNames.AuthenticationMethod).Select(method => method.ToUpperInvariant()).ToHashSet();
        if (methods.Except(["NONE", "BASIC", "BEARER"]).Any() || (methods.Contains("NONE") && methods.Count > 1))
        {
            throw settings.Bad(RegistrySettingNames.AuthenticationMethod, "NONE, or BASIC, BEARER or both");
        }

        var isBearer = methods.Contains("BEARER");
        if (isBearer && settings.Given(RegistrySettingNames.TokensFile) is null && settings.Given(RegistrySettingNames.JwtKeyFile) is null)
        {
            throw settings.Bad(RegistrySettingNames.JwtKeyFile, $"a file here or in {RegistrySettingNames.TokensFile}, since bearer tokens are asked for");
        }

        if (methods.Contains("BASIC") && settings.Given(RegistrySettingNames.UsersFile) is null)
        {
            throw settings.Bad(RegistrySettingNames.UsersFile, $"a file of users, since {RegistrySettingNames.AuthenticationMethod} is BASIC");
        }

        var security = new SecurityOptions
        {
            Realm = settings.Value(RegistrySettingNames.AuthenticationRealm),
            Roles = [.. settings.Values(RegistrySettingNames.AuthenticationRoles)],
            Users = methods.Contains("BASIC") ? File(settings, RegistrySettingNames.UsersFile, UserFile.Load) : null,
            Tokens = isBearer ? FileOrNull(settings, RegistrySettingNames.TokensFile, TokenFile.Load) : null,
            Jwt = isBearer ? FileOrNull(settings, RegistrySettingNames.JwtKeyFile, path => JwtVerifier.Load(path, Jwt(settings), time)) : null,
            Permissions = FileOrNull(settings, RegistrySettingNames.PermissionsFile, PermissionFile.Load),
        };
        return security.Permissions is null || security.IsOn
            ? security
            : throw settings.Bad(RegistrySettingNames.AuthenticationMethod, "BASIC or BEARER, since there are permissions to be kept");
    }

    private static JwtOptions Jwt(RegistryConfiguration settings) => new()
    {
        Issuer = settings.Given(RegistrySettingNames.JwtIssuer),
        Audience = settings.Given(RegistrySettingNames.JwtAudience),
        RolesClaim = settings.Value(RegistrySettingNames.JwtRolesClaim),
        ClockSkew = settings.Duration(RegistrySettingNames.JwtClockSkew),
    };

    private static T? FileOrNull<T>(RegistryConfiguration settings, string key, Func<string, T> load)
        where T : class => settings.Given(key) is null ? null : File(settings, key, load);

    private static T File<T>(RegistryConfiguration settings, string key, Func<string, T> load)
    {
        if (settings.Given(key) is not { } path)
        {
            throw settings.Bad(key, "a file");
        }

        try
        {
            return load(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            throw settings.Bad(key, $"a file that can be read ({unreadable.Message})", unreadable);
        }
    }

    private static string Unescape(string text) =>
        text.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    [GeneratedRegex(@"\busername=""((?:[^""\\]|\\.)*)""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Username();

    [GeneratedRegex(@"\bpassword=""((?:[^""\\]|\\.)*)""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Password();
}
