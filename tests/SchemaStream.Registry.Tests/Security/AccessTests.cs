using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using SchemaStream.Registry.Security;
using SchemaStream.Registry.Security.Identities;
using SchemaStream.Registry.Security.Permissions;

namespace SchemaStream.Registry.Tests.Security;

/// <summary>Who is let in to what, over HTTP.</summary>
public sealed class AccessTests
{
    private const string Permissions = """
        # who   prefix   permissions
        root    *        admin
        @orders orders-  read,write,delete,compatibility
        reader  *        read
        dev     :.dev:   admin
        half    pay-     read
        """;

    private const string Text = "{\"schema\":\"\\\"string\\\"\"}";

    [Fact]
    public async Task WithoutCredentials_NothingIsTold_ButHealth()
    {
        await using var registry = await StartAsync();

        foreach (var path in new[] { "/", "/subjects", "/schemas/ids/1", "/metrics", "/nowhere" })
        {
            using var answer = await registry.Http.GetAsync(path);
            ((int)answer.StatusCode).ShouldBe(401, path);
            answer.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme).ShouldBe(["Basic", "Bearer"]);
        }

        (await registry.GetAsync("/openapi")).Status.ShouldBe(200);
        (await registry.GetAsync("/openapi/v1.json")).Status.ShouldBe(200);
        (await registry.GetAsync("/health/live")).Status.ShouldBe(200);
        (await registry.GetAsync("/health/ready")).Json.GetProperty("status").GetString().ShouldBe("UP");
        (await registry.GetAsync("/subjects")).ShouldBeRefused(401, 40101).ShouldContain("Authorization");
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic cm9vdA==")]
    [InlineData("Basic Og==")]
    [InlineData("Bearer")]
    [InlineData("Bearer nothing")]
    [InlineData("Digest username=root")]
    public async Task HeadersThatAreNoCredentials_AreRefused(string header)
    {
        await using var registry = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/subjects");
        request.Headers.TryAddWithoutValidation("Authorization", header);

        (await registry.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task TwoHeaders_AreNotChosenFrom()
    {
        await using var registry = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/subjects");
        request.Headers.TryAddWithoutValidation("Authorization", [Basic("root"), Basic("reader")]);

        (await registry.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task AWrongPassword_IsRefused_AndARightOneIsKnownAgain()
    {
        await using var registry = await StartAsync();

        (await AskAsync(registry, Basic("root", "wrong"), "GET", "/subjects")).ShouldBe(401);
        (await AskAsync(registry, Basic("nobody", "x"), "GET", "/subjects")).ShouldBe(401);
        (await AskAsync(registry, Basic("root"), "GET", "/subjects")).ShouldBe(200);
        (await AskAsync(registry, Basic("root"), "GET", "/subjects")).ShouldBe(200);
        (await AskAsync(registry, Basic("root", "wrong"), "GET", "/subjects")).ShouldBe(401);
    }

    [Fact]
    public async Task TokensAndWebTokens_NameCallersAsPasswordsDo()
    {
        await using var registry = await StartAsync();

        (await AskAsync(registry, "Bearer static-token", "GET", "/subjects")).ShouldBe(200);
        (await AskAsync(registry, "Bearer " + Tokens.Hs256(Tokens.Claims(""","roles":["orders"]""")), "POST", "/subjects/orders-x/versions", Text)).ShouldBe(200);
        (await AskAsync(registry, "Bearer " + Tokens.Hs256(Tokens.Claims()), "POST", "/subjects/orders-x/versions", Text)).ShouldBe(403);
    }

    [Theory]
    [InlineData("ann", "POST", "/subjects/orders-b/versions", 200)]
    [InlineData("ann", "POST", "/subjects/pay-b/versions", 403)]
    [InlineData("ann", "GET", "/subjects/orders-a/versions/1", 200)]
    [InlineData("ann", "GET", "/subjects/pay-a/versions/1", 403)]
    [InlineData("ann", "GET", "/contexts/dev/subjects/orders-a/versions", 403)]
    [InlineData("ann", "GET", "/subjects/%3A.dev%3Ax/versions/1", 403)]
    [InlineData("ann", "GET", "/subjects", 403)]
    [InlineData("ann", "GET", "/subjects?subjectPrefix=orders-", 200)]
    [InlineData("ann", "GET", "/subjects?subjectPrefix=orders", 403)]
    [InlineData("ann", "GET", "/schemas", 403)]
    [InlineData("ann", "GET", "/schemas?subjectPrefix=orders-", 200)]
    [InlineData("ann", "GET", "/schemas?subjectPrefix=orders-&aliases=true", 403)]
    [InlineData("ann", "GET", "/schemas/ids/1", 200)]
    [InlineData("ann", "GET", "/schemas/ids/1/versions", 403)]
    [InlineData("ann", "GET", "/schemas/ids/2", 403)]
    [InlineData("ann", "GET", "/schemas/ids/2?subject=orders-a", 403)]
    [InlineData("ann", "GET", "/schemas/ids/77", 403)]
    [InlineData("ann", "GET", "/schemas/types", 200)]
    [InlineData("ann", "POST", "/compatibility/subjects/orders-a/versions/latest", 200)]
    [InlineData("ann", "POST", "/compatibility/subjects/pay-a/versions/latest", 403)]
    [InlineData("ann", "PUT", "/config/orders-a", 200)]
    [InlineData("ann", "PUT", "/config", 403)]
    [InlineData("ann", "PUT", "/mode/orders-a", 403)]
    [InlineData("ann", "DELETE", "/contracts/topics/orders-a", 403)]
    [InlineData("ann", "DELETE", "/subjects/orders-a", 200)]
    [InlineData("ann", "DELETE", "/subjects/pay-a", 403)]
    [InlineData("ann", "HEAD", "/subjects/orders-a/versions/1", 200)]
    [InlineData("ann", "HEAD", "/subjects/pay-a/versions/1", 403)]
    [InlineData("ann", "GET", "/schemas/ids/2/schema", 403)]
    [InlineData("ann", "GET", "/schemas/ids/2?subject=:.dev:", 403)]
    [InlineData("ann", "GET", "/schemas/guids/00000000-0000-0000-0000-000000000000", 403)]
    [InlineData("ann", "GET", "/subjects?subjectPrefix=:*:orders-", 403)]
    [InlineData("ann", "GET", "/subjects/orders-a%2F..%2Fpay-a/versions", 404)]
    [InlineData("ann", "GET", "/subjects/orders-a/../pay-a/versions", 404)]
    [InlineData("ann", "GET", "//subjects/pay-a/versions/1", 403)]
    [InlineData("ann", "GET", "/SUBJECTS/pay-a/versions/1", 403)]
    [InlineData("ann", "GET", "/contexts/./subjects/pay-a/versions/1", 404)]
    [InlineData("ann", "GET", "/contracts/topics/orders", 404)]
    [InlineData("ann", "GET", "/contracts/topics/pay", 403)]
    [InlineData("ann", "GET", "/contracts/topics", 200)]
    [InlineData("ann", "GET", "/associations/resources/-/pay", 403)]
    [InlineData("ann", "GET", "/associations/subjects/pay-a", 403)]
    [InlineData("ann", "POST", "/associations", 403)]
    [InlineData("ann", "PATCH", "/subjects/orders-a", 403)]
    [InlineData("ann", "GET", "/nowhere", 403)]
    [InlineData("ann", "GET", "/metrics", 403)]
    [InlineData("reader", "GET", "/subjects", 200)]
    [InlineData("reader", "GET", "/metrics", 200)]
    [InlineData("reader", "POST", "/subjects/orders-b/versions", 403)]
    [InlineData("reader", "DELETE", "/subjects/orders-a", 403)]
    [InlineData("reader", "PUT", "/config", 403)]
    [InlineData("dev", "POST", "/contexts/.dev/subjects/y/versions", 200)]
    [InlineData("dev", "PUT", "/contexts/.dev/mode", 200)]
    [InlineData("dev", "POST", "/subjects/y/versions", 403)]
    [InlineData("root", "PUT", "/config", 200)]
    [InlineData("root", "GET", "/nowhere", 404)]
    [InlineData("stranger", "GET", "/subjects/orders-a/versions", 403)]
    public async Task EachMayWhatItsLinesSay(string name, string method, string path, int status)
    {
        await using var registry = await StartAsync();
        await FillAsync(registry);
        var body = method is "GET" or "DELETE" ? null
            : path.Contains("/config", StringComparison.Ordinal) ? "{\"compatibility\":\"NONE\"}"
            : path.Contains("/mode", StringComparison.Ordinal) ? "{\"mode\":\"READWRITE\"}"
            : Text;

        (await AskAsync(registry, Basic(name), method, path, body)).ShouldBe(status);
    }

    [Theory]
    [InlineData("ann", "DELETE", "/subjects/pay-a", "it needs the permission 'delete' on subject 'pay-a'.")]
    [InlineData("ann", "GET", "/subjects?subjectPrefix=pay-", "it needs the permission 'read' on all subjects that begin with 'pay-'.")]
    [InlineData("ann", "GET", "/subjects", "it needs the permission 'read' on everything ('*').")]
    [InlineData("ann", "GET", "/schemas/ids/2", "it needs the permission 'read' on a subject that has this schema.")]
    [InlineData("ann", "GET", "/contracts/topics/pay", "it needs the permission 'read' or 'write' on 'pay', 'pay-key' or 'pay-value'.")]
    [InlineData("ann", "PUT", "/mode", "it needs the permission 'admin' on everything ('*').")]
    public async Task ARefusal_SaysWhatIsNeeded(string name, string method, string path, string needed)
    {
        await using var registry = await StartAsync();
        await FillAsync(registry);

        var refusal = await RefusalAsync(registry, Basic(name), method, path, method == "PUT" ? "{\"mode\":\"READONLY\"}" : null);

        refusal.ShouldContain($"\"'{name}' may not do this: {needed} The registry's administrator gives permissions.\"");
        refusal.ShouldStartWith("{\"error_code\":40301,");
    }

    [Theory]
    [InlineData("/contracts/topics/orders-a", "{}", 200)]
    [InlineData("/contracts/topics/pay", "{}", 403)]
    [InlineData("/contracts/topics/orders-a", "{\"subject\":\"pay-x\"}", 403)]
    [InlineData("/contracts/topics/orders-a", "{\"subject\":\":.dev:x\"}", 403)]
    [InlineData("/contracts/topics/orders-a", "{\"subject\":\"orders-shared\"}", 200)]
    // Another team's topic is not for who may write its own subjects.
    [InlineData("/contracts/topics/pay", "{\"subject\":\"orders-a\"}", 403)]
    public async Task WhoBindsAContract_HasToWriteTheTopicsSubjectsAndThoseThatItNames(string path, string slot, int status)
    {
        await using var registry = await StartAsync();
        var value = slot.Replace("{", "{\"format\":\"AVRO\",\"type\":\"string\"" + (slot.Length > 2 ? "," : ""), StringComparison.Ordinal);

        (await AskAsync(registry, Basic("ann"), "PUT", path, $"{{\"value\":{value}}}")).ShouldBe(status);
        (await AskAsync(registry, Basic("reader"), "PUT", path, $"{{\"value\":{value}}}")).ShouldBe(403);
    }

    [Theory]
    [InlineData("value", "AVRO", "", 200)]
    [InlineData("value", "AVRO", ",\"evolution\":\"FROZEN\"", 403)]
    [InlineData("value", "PROTOBUF", "", 403)]
    [InlineData("key", "AVRO", "", 403)]
    [InlineData("key", "AVRO", ",\"evolution\":\"COMPATIBLE\"", 200)]
    public async Task WhoBindsAType_DoesNotFreezeTheSubjectThatOthersKeepItIn(string slot, string format, string evolution, int status)
    {
        await using var registry = await StartAsync();
        (await AskAsync(
            registry, Basic("root"), "POST", "/subjects/com.acme.Money/versions",
            "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"com.acme.Money\\\",\\\"fields\\\":[]}\"}")).ShouldBe(200);

        (await AskAsync(
            registry, Basic("ann"), "PUT", "/contracts/topics/orders-a",
            $"{{\"{slot}\":{{\"format\":\"{format}\",\"type\":\"com.acme.Money\"{evolution}}}}}")).ShouldBe(status);
    }

    [Fact]
    public async Task AListOfContracts_HasThoseOfTopicsThatTheCallerMayReadOrWrite()
    {
        await using var registry = await StartAsync();
        foreach (var topic in new[] { "orders-a", "pay", "else" })
        {
            (await AskAsync(registry, Basic("root"), "PUT", $"/contracts/topics/{topic}", "{\"value\":{\"format\":\"string\"}}")).ShouldBe(200);
        }

        (await TopicsAsync("root")).ShouldBe(["else", "orders-a", "pay"]);
        (await TopicsAsync("reader")).ShouldBe(["else", "orders-a", "pay"]);
        (await TopicsAsync("ann")).ShouldBe(["orders-a"]);
        (await TopicsAsync("half")).ShouldBe(["pay"]);
        (await TopicsAsync("stranger")).ShouldBeEmpty();

        async Task<string[]> TopicsAsync(string name)
        {
            using var answer = await SendAsync(registry, Basic(name), "GET", "/contracts/topics", null);
            using var list = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return [.. list.RootElement.EnumerateArray().Select(contract => contract.GetProperty("topic").GetString()!)];
        }
    }

    [Fact]
    public async Task AnAlias_IsNoWayAround()
    {
        await using var registry = await StartAsync();
        await FillAsync(registry);
        (await AskAsync(registry, Basic("ann"), "PUT", "/config/orders-alias", "{\"alias\":\"pay-a\"}")).ShouldBe(200);

        (await AskAsync(registry, Basic("ann"), "GET", "/subjects/orders-alias/versions/1")).ShouldBe(403);
        (await AskAsync(registry, Basic("half"), "GET", "/subjects/orders-alias/versions/1")).ShouldBe(200);
    }

    [Fact]
    public async Task ANameThatOtherContextsHave_IsAskedForThereToo()
    {
        await using var registry = await StartAsync();
        await FillAsync(registry);

        // Not in the default context: the version would be that of the context dev.
        (await AskAsync(registry, Basic("root"), "POST", "/contexts/dev/subjects/orders-only/versions", Text)).ShouldBe(200);
        (await AskAsync(registry, Basic("ann"), "GET", "/subjects/orders-only/versions/1")).ShouldBe(403);
        (await AskAsync(registry, Basic("reader"), "GET", "/subjects/orders-only/versions/1")).ShouldBe(200);
    }

    [Fact]
    public async Task RolesMayBeAskedForAltogether()
    {
        await using var registry = await StartAsync(security => security with { Roles = ["orders"], Permissions = null });

        (await AskAsync(registry, Basic("ann"), "GET", "/subjects")).ShouldBe(200);
        (await AskAsync(registry, Basic("root"), "GET", "/subjects")).ShouldBe(403);
    }

    [Theory]
    [InlineData("root * everything")]
    [InlineData("root *")]
    public void ALineThatSaysNothing_IsRefused(string line) =>
        Should.Throw<FormatException>(() => PermissionFile.Parse("# first\n" + line)).Message.ShouldContain("line 2");

    [Theory]
    [InlineData("ann")]
    [InlineData("ann:plain-text")]
    [InlineData("ann:pbkdf2-sha256$1$AAAA$AAAA")]
    [InlineData("ann:pbkdf2-sha256$999999999$AAAA$AAAA")]
    public void AUserWithoutAHash_IsRefused(string line) => Should.Throw<FormatException>(() => UserFile.Parse(line));

    private static async Task FillAsync(TestRegistry registry)
    {
        (await AskAsync(registry, Basic("root"), "POST", "/subjects/orders-a/versions", Text)).ShouldBe(200);
        (await AskAsync(registry, Basic("root"), "POST", "/subjects/pay-a/versions", Text)).ShouldBe(200);
        (await AskAsync(registry, Basic("root"), "POST", "/subjects/pay-c/versions", "{\"schema\":\"\\\"long\\\"\"}")).ShouldBe(200);
        (await AskAsync(registry, Basic("root"), "POST", "/contexts/dev/subjects/x/versions", Text)).ShouldBe(200);
    }

    private static Task<TestRegistry> StartAsync(Func<SecurityOptions, SecurityOptions>? change = null)
    {
        var users = new[] { "root", "reader", "dev", "half", "stranger", "ann" }.Select(
            name => $"{name}:{PasswordHash.Make(name + "-password", iterations: 1000)}{(name == "ann" ? ":orders" : "")}");
        var token = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("static-token")));
        var security = new SecurityOptions
        {
            Users = UserFile.Parse(string.Join('\n', users)),
            Tokens = TokenFile.Parse($"{token}:reader"),
            Jwt = JwtVerifier.Parse(Tokens.Secret, new JwtOptions(), new JwtVerifierTests.FixedTime()),
            Permissions = PermissionFile.Parse(Permissions),
        };
        return TestRegistry.StartAsync(change: options => options with
        {
            Security = change?.Invoke(security) ?? security,
            Metrics = MetricsPage.Served,
        });
    }

    private static string Basic(string name, string? password = null) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password ?? name + "-password"}"));

    private static async Task<int> AskAsync(TestRegistry registry, string authorization, string method, string path, string? body = null)
    {
        using var answer = await SendAsync(registry, authorization, method, path, body);
        return (int)answer.StatusCode;
    }

    private static async Task<string> RefusalAsync(TestRegistry registry, string authorization, string method, string path, string? body)
    {
        using var answer = await SendAsync(registry, authorization, method, path, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(
        TestRegistry registry, string authorization, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(
            registry.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        return await registry.Http.SendAsync(request);
    }
}
