namespace SchemaStream.Registry.Client.Tests;

public sealed class RegistryClientTests : IDisposable
{
    private static readonly SchemaDefinition Text = new(SchemaFormat.Avro, "\"string\"");

    private readonly ScriptedRegistry _registry = new();

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task Register_OldRegistryThatAnswersWithTheIdAlone_IsUnderstood()
    {
        _registry.Answers("POST /base/subjects/a%2Fb/versions", 200, """{"id":7}""");
        using var client = _registry.Client();

        var schema = await client.RegisterAsync("a/b", Text);

        (schema.Id, schema.Text, schema.Format, schema.Subject).ShouldBe((7, "\"string\"", SchemaFormat.Avro, "a/b"));
        _registry.Bodies.ShouldBe(["""{"schemaType":"AVRO","schema":"\u0022string\u0022"}"""]);
    }

    [Fact]
    public async Task Register_Again_AsksOnce()
    {
        _registry.Answers("POST /base/subjects/s/versions", 200, """{"id":7}""");
        using var client = _registry.Client();

        await client.RegisterAsync("s", Text);
        await client.RegisterAsync("s", new SchemaDefinition(SchemaFormat.Avro, "\"string\"", []));

        _registry.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task GetSchema_ByManyAtOnce_AsksOnce()
    {
        _registry.Answers("GET /base/schemas/ids/7", 200, """{"schema":"\"string\"","unknown":{"x":1}}""");
        _registry.Gate = new TaskCompletionSource();
        using var client = _registry.Client();
        var waiting = Enumerable.Range(0, 20).Select(_ => client.GetSchemaAsync(7).AsTask()).ToArray();

        _registry.Gate.SetResult();
        var schemas = await Task.WhenAll(waiting);

        schemas.Distinct().Count().ShouldBe(1);
        schemas[0].Format.ShouldBe(SchemaFormat.Avro, "a missing schemaType is Avro");
        _registry.Asked.Count.ShouldBe(1);
        client.GetSchemaAsync(7).AsTask().IsCompletedSuccessfully.ShouldBeTrue("a known id is answered without waiting");
    }

    [Fact]
    public async Task GetSchema_CallerGivesUp_LeavesTheOthersWaiting()
    {
        _registry.Answers("GET /base/schemas/ids/7", 200, """{"schema":"\"string\""}""");
        _registry.Gate = new TaskCompletionSource();
        using var client = _registry.Client();
        using var impatience = new CancellationTokenSource();
        var impatient = client.GetSchemaAsync(7, impatience.Token).AsTask();
        var patient = client.GetSchemaAsync(7).AsTask();

        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(impatient);
        _registry.Gate.SetResult();

        (await patient).Id.ShouldBe(7);
    }

    [Fact]
    public async Task GetSchema_BeyondTheCache_ForgetsTheOldest()
    {
        for (var id = 1; id <= 3; id++)
        {
            _registry.Answers($"GET /base/schemas/ids/{id}", 200, """{"schema":"\"string\""}""");
        }

        using var client = _registry.Client(options => new RegistryClientOptions { Address = options.Address, CacheCapacity = 2 });
        foreach (var id in new[] { 1, 2, 3, 3, 2, 1 })
        {
            await client.GetSchemaAsync(id);
        }

        _registry.Asked.Count.ShouldBe(4, "1, 2 and 3 once, and 1 again");
    }

    [Fact]
    public async Task FindSchema_ByItsGuid_IsNullWhereTheRegistryHasNone()
    {
        var guid = Guid.Parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
        _registry.Answers($"GET /base/schemas/guids/{guid}", 200, """{"schemaType":"JSON","schema":"{}"}""");
        using var client = _registry.Client();

        var found = (await client.FindSchemaAsync(guid)).ShouldNotBeNull();

        (found.Format, found.Text, found.Id).ShouldBe((SchemaFormat.Json, "{}", 0));
        (await client.FindSchemaAsync(Guid.Empty)).ShouldBeNull();
    }

    [Fact]
    public async Task AnyRequest_WithoutCredentials_NamesTheOptionsThatTakeThem()
    {
        _registry.Answers("GET /base/schemas/ids/7", 401, """{"error_code":40101,"message":"Unauthorized"}""");
        using var client = _registry.Client();

        var refusal = await Should.ThrowAsync<RegistryException>(async () => await client.GetSchemaAsync(7));

        refusal.Status.ShouldBe(401);
        refusal.Message.ShouldContain("RegistryBasicCredentials");
        refusal.Message.ShouldContain("RegistryBearerToken");
    }

    [Fact]
    public async Task TokensThatExpire_AreAskedForWithEachRequest()
    {
        _registry.Answers("GET /base/subjects", 200, "[]");
        var count = 0;
        using var client = _registry.Client(options => new RegistryClientOptions
        {
            Address = options.Address, BearerToken = "stale", BearerTokenProvider = _ => ValueTask.FromResult($"token-{++count}"),
        });

        await client.ListSubjectsAsync();
        await client.ListSubjectsAsync();

        _registry.Credentials.ShouldBe(["Bearer token-1", "Bearer token-2"]);
    }

    [Fact]
    public async Task TokensThatCannotBeHad_AreTheReasonWhyTheRegistryIsNotAsked()
    {
        using var client = _registry.Client(options => new RegistryClientOptions
        {
            Address = options.Address,
            Alternatives = [new Uri("http://other.test:8081")],
            BearerTokenProvider = _ => throw new HttpRequestException("login.test is away"),
        });

        var failure = await Should.ThrowAsync<RegistryUnreachableException>(async () => await client.ListSubjectsAsync());

        failure.Message.ShouldBe("The schema registry cannot be asked: the provider of bearer tokens failed with HttpRequestException: login.test is away");
        failure.InnerException.ShouldBeOfType<HttpRequestException>();
        _registry.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task GetSchema_Refused_IsNotRemembered()
    {
        _registry.Answers("GET /base/schemas/ids/7", 500, """{"error_code":50001,"message":"disk"}""");
        using var client = _registry.Client();
        var refusal = await Should.ThrowAsync<RegistryException>(async () => await client.GetSchemaAsync(7));
        (refusal.ErrorCode, refusal.Status).ShouldBe((50001, 500));
        refusal.Message.ShouldStartWith("disk");
        refusal.Message.ShouldContain("http://registry.test:8081/base");

        _registry.Answers("GET /base/schemas/ids/7", 200, """{"schema":"\"string\""}""");

        (await client.GetSchemaAsync(7)).Id.ShouldBe(7);
    }

    [Theory]
    [InlineData(502, "<html>Bad gateway</html>")]
    [InlineData(500, "")]
    [InlineData(403, """{"error":"forbidden"}""")]
    public async Task Refusal_WithoutARegistrysError_TellsTheStatus(int status, string body)
    {
        _registry.Answers("GET /base/subjects", status, body);
        using var client = _registry.Client();

        var refusal = await Should.ThrowAsync<RegistryException>(async () => await client.ListSubjectsAsync());

        refusal.ErrorCode.ShouldBe(RegistryErrorCodes.UnreadableReply);
        refusal.Message.ShouldContain($"HTTP status {status}");
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("null")]
    [InlineData("""{"a":1}""")]
    public async Task Reply_OfSomethingElseThanARegistry_SaysSo(string body)
    {
        _registry.Answers("GET /base/subjects", 200, body);
        using var client = _registry.Client();

        (await Should.ThrowAsync<RegistryException>(async () => await client.ListSubjectsAsync()))
            .Message.ShouldContain("Is this the address of a schema registry?");
    }

    [Fact]
    public async Task Reply_WithoutWhatIsNeeded_SaysWhat()
    {
        _registry.Answers("GET /base/schemas/ids/7", 200, "{}");
        using var client = _registry.Client();

        (await Should.ThrowAsync<RegistryException>(async () => await client.GetSchemaAsync(7)))
            .Message.ShouldContain("a schema without its text");
    }

    [Fact]
    public async Task Contracts_OfAPlainConfluentRegistry_AreNone()
    {
        using var client = _registry.Client();

        (await client.OffersContractsAsync()).ShouldBeFalse();
        (await client.GetContractAsync("orders")).ShouldBeNull();
        (await client.PutContractAsync(new TopicContract("orders", new SlotContract(SchemaFormat.String), null))).ShouldBeNull();
        (await client.ListContractsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Unknown_AtSomethingThatIsNoRegistry_IsNotTakenForAnAnswer()
    {
        using var client = _registry.Client();

        await Should.ThrowAsync<RegistryException>(async () => await client.GetLatestAsync("orders-value"));
        await Should.ThrowAsync<RegistryException>(async () => await client.FindSchemaAsync("orders-value", Text));
        await Should.ThrowAsync<RegistryException>(async () => await client.ListVersionsAsync("orders-value"));
    }

    [Fact]
    public async Task Unreachable_NamesTheAddressAndTheNextStep()
    {
        // Port 1 of this machine: nothing listens there.
        using var client = new RegistryClient(new Uri("http://127.0.0.1:1"));

        var failure = await Should.ThrowAsync<RegistryUnreachableException>(async () => await client.ListSubjectsAsync());

        failure.Message.ShouldContain("http://127.0.0.1:1");
        failure.Message.ShouldContain("schemastream up");
    }

    [Fact]
    public async Task TimeOut_IsUnreachable()
    {
        _registry.Gate = new TaskCompletionSource();
        using var client = _registry.Client(options => new RegistryClientOptions
        {
            Address = options.Address,
            RequestTimeout = TimeSpan.FromMilliseconds(20),
        });

        (await Should.ThrowAsync<RegistryUnreachableException>(async () => await client.GetSchemaAsync(1)))
            .Message.ShouldContain("no answer within 0.02 s");
    }

    [Fact]
    public void Address_ThatIsNone_IsRefusedAtOnce() =>
        Should.Throw<ArgumentException>(() => new RegistryClient(new Uri("localhost:8081"))).Message.ShouldContain("http://127.0.0.1:8081");
}
