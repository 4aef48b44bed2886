namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/security.md</c>.</summary>
public sealed class SecurityPage(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Options_AreTaken_AndSayNothingOfPasswords()
    {
        const string password = "secret-4711";
        var options = new SchemaStreamOptions
        {
            BootstrapServers = "kafka-1.example.org:9093,kafka-2.example.org:9093",
            RegistryUrl = new Uri("https://registry.example.org"),
            BrokerSecurity = new BrokerSecurityOptions
            {
                UseTls = true,
                AuthorityFile = "/etc/ssl/our-authority.pem",
                Sasl = SaslMechanism.ScramSha512,
                UserName = "billing",
                Password = password,
            },
            RegistryBasicCredentials = $"billing:{password}",
        };

        await using var client = new SchemaStreamClient(options);

        options.ToString().ShouldNotContain(password);
        options.ToString().ShouldContain("TLS, SASL ScramSha512 as billing");
    }

    [Fact]
    public async Task OtherMechanisms_AreSettingsOfTheTransport()
    {
        var options = new SchemaStreamOptions
        {
            BootstrapServers = "kafka-1.example.org:9093",
            RegistryUrl = new Uri("https://registry.example.org"),
            ConfigureTransport = settings =>
            {
                settings["sasl.mechanism"] = "OAUTHBEARER";
                settings["sasl.oauthbearer.method"] = "oidc";
            },
        };

        await using var client = new SchemaStreamClient(options);

        var set = new Dictionary<string, string>();
        options.ConfigureTransport(set);
        set["sasl.mechanism"].ShouldBe("OAUTHBEARER");
    }

    [Fact]
    public async Task TokensThatExpire_AreAProviders()
    {
        var tokens = new Tokens();
        var options = new SchemaStreamOptions
        {
            BootstrapServers = shop.Stack.BootstrapServers,
            RegistryUrl = shop.Stack.RegistryUrl,
            RegistryBearerTokenProvider = cancellationToken => tokens.GetAsync("registry", cancellationToken),
        };

        await using var client = new SchemaStreamClient(options);

        await client.Registry.ListSubjectsAsync();
        tokens.Asked.ShouldBe(1);
    }

    private sealed class Tokens
    {
        public int Asked { get; private set; }

        public ValueTask<string> GetAsync(string audience, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Asked++;
            return ValueTask.FromResult($"{audience}-{Asked}");
        }
    }
}
