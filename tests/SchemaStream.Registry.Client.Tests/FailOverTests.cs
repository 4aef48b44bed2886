using System.Net;

namespace SchemaStream.Registry.Client.Tests;

public sealed class FailOverTests : IDisposable
{
    private readonly ScriptedRegistry _registry = new();

    public FailOverTests() => _registry.Answers("GET /subjects", 200, "[]");

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task AnInstanceThatIsGone_IsPassedOver_AndTheNextOneIsAskedFirstFromThenOn()
    {
        _registry.Trouble["a"] = () => throw new HttpRequestException("connection refused");
        using var client = Client("a", "b", "c");

        await client.ListSubjectsAsync();
        await client.ListSubjectsAsync();

        _registry.Hosts.ShouldBe(["a", "b", "b"]);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task AnInstanceThatIsOutOfService_IsPassedOver(int status)
    {
        _registry.Trouble["a"] = () => new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("busy") };
        using var client = Client("a", "b");

        await client.ListSubjectsAsync();

        _registry.Hosts.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task ARefusal_IsTheRegistrysWord_AndNotAskedForElsewhere()
    {
        _registry.Trouble["a"] = () => new HttpResponseMessage(HttpStatusCode.Conflict)
        {
            Content = new StringContent("""{"error_code":40901,"message":"incompatible"}"""),
        };
        using var client = Client("a", "b");

        var refusal = await Should.ThrowAsync<RegistryException>(
            async () => await client.RegisterAsync("s", new SchemaDefinition(SchemaFormat.Avro, "\"string\"")));

        refusal.ErrorCode.ShouldBe(RegistryErrorCodes.Incompatible);
        _registry.Hosts.ShouldBe(["a"]);
    }

    [Fact]
    public async Task WhileALeaderIsElected_TheInstancesAreAskedAgain()
    {
        var left = 3;
        foreach (var host in new[] { "a", "b" })
        {
            _registry.Trouble[host] = () => left-- > 0
                ? new HttpResponseMessage(HttpStatusCode.InternalServerError)
                {
                    Content = new StringContent("""{"error_code":50004,"message":"no leader"}"""),
                }
                : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("[]") };
        }

        using var client = Client("a", "b");

        await client.ListSubjectsAsync();

        _registry.Hosts.ShouldBe(["a", "b", "a", "b"]);
    }

    [Fact]
    public async Task WhereNoneAnswers_AllOfThemAreNamed()
    {
        _registry.Trouble["a"] = () => throw new HttpRequestException("connection refused");
        _registry.Trouble["b"] = () => throw new HttpRequestException("no such host");
        using var client = Client("a", "b");

        var failure = await Should.ThrowAsync<RegistryUnreachableException>(async () => await client.ListSubjectsAsync());

        failure.Message.ShouldContain("http://a:8081, http://b:8081");
        failure.Message.ShouldContain("no such host");
        _registry.Hosts.Count.ShouldBe(6, "each of the two, three times");
    }

    [Fact]
    public void AnAddressThatIsNone_IsRefusedWhereItIsGiven() =>
        Should.Throw<ArgumentException>(() => new RegistryClient(new RegistryClientOptions
        {
            Address = new Uri("http://a:8081"),
            Alternatives = [new Uri("localhost:8081", UriKind.RelativeOrAbsolute)],
        })).Message.ShouldContain("localhost:8081");

    [Fact]
    public void AnAuthorityFileThatIsNotThere_IsNamed() =>
        Should.Throw<ArgumentException>(() => new RegistryClient(new RegistryClientOptions
        {
            Address = new Uri("https://a:8081"),
            Tls = new RegistryTlsOptions { AuthorityFile = "no-such.pem" },
        })).Message.ShouldContain("'no-such.pem' cannot be read as the authorities to trust");

    private RegistryClient Client(params string[] hosts) => new(
        new RegistryClientOptions
        {
            Address = Address(hosts[0]),
            Alternatives = [.. hosts.Skip(1).Select(Address)],
            RetryDelay = TimeSpan.FromMilliseconds(1),
        },
        _registry);

    private static Uri Address(string host) => new($"http://{host}:8081");
}
