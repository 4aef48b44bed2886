namespace SchemaStream.Registry.Tests.Endpoints;

public sealed class VersionEndpointTests : IAsyncLifetime
{
    private TestRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task Register_FirstSchema_GetsIdAndVersionOne()
    {
        var answer = (await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced)).ShouldBeOk();

        answer.Json.GetProperty("id").GetInt32().ShouldBe(1);
        answer.Json.GetProperty("version").GetInt32().ShouldBe(1);
        answer.Json.GetProperty("schemaType").GetString().ShouldBe("AVRO");
        answer.Json.GetProperty("schema").GetString().ShouldBe(Schemas.OrderPlaced);
        Guid.Parse(answer.Json.GetProperty("guid").GetString()!).ShouldNotBe(Guid.Empty);
    }

    [Fact]
    public async Task Register_SameContentInOtherLayout_IsTheSameSchema()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);

        var answer = await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced.Replace(",", " ,\n  "));

        answer.ShouldBeOk().Json.GetProperty("id").GetInt32().ShouldBe(1);
        (await _registry.GetAsync("/subjects/orders-value/versions")).ShouldBeOk("[1]");
    }

    [Fact]
    public async Task Register_SameContentUnderOtherSubject_SharesTheId()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);
        await _registry.RegisterAsync("archive-value", Schemas.OrderCancelled);

        var answer = await _registry.RegisterAsync("copies-value", Schemas.OrderPlaced);

        answer.Json.GetProperty("id").GetInt32().ShouldBe(1);
        answer.Json.GetProperty("version").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Register_IncompatibleField_IsRefusedWithTheReason()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);

        var message = (await _registry.RegisterAsync("orders-value", Schemas.OrderPlacedWithTotal)).ShouldBeRefused(409, 40901);

        message.ShouldContain("orders-value");
        message.ShouldContain("details: [{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'");
        message.ShouldContain("additionalInfo:'total'}");
        message.ShouldContain("{oldSchemaVersion: 1}, {oldSchema: '" + Schemas.OrderPlaced + "'}");
        message.ShouldEndWith("{validateFields: 'false', compatibility: 'BACKWARD'}]");
    }

    [Fact]
    public async Task Register_Forced_SkipsCompatibility()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);

        var answer = await _registry.PostAsync(
            "/subjects/orders-value/versions?force=true", new { schema = Schemas.OrderPlacedWithTotal });

        answer.ShouldBeOk().Json.GetProperty("version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Register_WithReference_ResolvesItsName()
    {
        await _registry.RegisterAsync("customer", """{"type":"record","name":"com.acme.Customer","fields":[{"name":"name","type":"string"}]}""");
        const string order = """{"type":"record","name":"Order","namespace":"com.acme","fields":[{"name":"customer","type":"com.acme.Customer"}]}""";

        var answer = (await _registry.PostAsync("/subjects/order/versions", new
        {
            schema = order,
            references = new[] { new { name = "com.acme.Customer", subject = "customer", version = -1 } },
        })).ShouldBeOk();

        answer.Json.GetProperty("references").GetRawText()
            .ShouldBe("""[{"name":"com.acme.Customer","subject":"customer","version":1}]""");
        (await _registry.GetAsync("/subjects/customer/versions/1/referencedby")).ShouldBeOk("[2]");
        (await _registry.GetAsync("/subjects/order/versions/1/schema?format=resolved")).ShouldBeOk().Body
            .ShouldContain("\"fields\":[{\"name\":\"name\",\"type\":\"string\"}]");
        (await _registry.DeleteAsync("/subjects/customer/versions/1")).ShouldBeRefused(422, 42206).ShouldContain("'order' version 1");
    }

    [Fact]
    public async Task Register_WithReferenceToNothing_IsRefused() =>
        (await _registry.PostAsync("/subjects/order/versions", new
        {
            schema = Schemas.OrderPlaced,
            references = new[] { new { name = "com.acme.Customer", subject = "customer", version = 3 } },
        })).ShouldBeRefused(422, 42201).ShouldContain("'com.acme.Customer'");

    [Fact]
    public async Task Register_FormatNotOffered_NamesTheFormatsOffered() =>
        (await _registry.PostAsync("/subjects/orders-value/versions", new { schema = "{}", schemaType = "XML" }))
            .ShouldBeRefused(422, 42201)
            .ShouldStartWith("Schema type 'XML' is not offered here. This registry takes AVRO, ");

    [Fact]
    public async Task Read_ByNumberLatestAndMinusOne_GivesTheWholeSchema()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlacedWithNote);

        var first = (await _registry.GetAsync("/subjects/orders-value/versions/1")).ShouldBeOk().Json;
        first.EnumerateObject().Select(property => property.Name)
            .ShouldBe(["subject", "version", "id", "guid", "schemaType", "schema", "ts", "deleted"]);
        foreach (var version in new[] { "2", "latest", "LATEST", "-1" })
        {
            var found = (await _registry.GetAsync($"/subjects/orders-value/versions/{version}")).ShouldBeOk().Json;
            found.GetProperty("version").GetInt32().ShouldBe(2);
            found.GetProperty("schema").GetString().ShouldBe(Schemas.OrderPlacedWithNote);
        }

        (await _registry.GetAsync("/subjects/orders-value/versions/2/schema")).ShouldBeOk(Schemas.OrderPlacedWithNote);
    }

    [Theory]
    [InlineData("/subjects/none/versions", 40401)]
    [InlineData("/subjects/none/versions/1", 40401)]
    [InlineData("/subjects/orders-value/versions/7", 40402)]
    public async Task Read_Unknown_IsNotFound(string path, int code)
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);

        (await _registry.GetAsync(path)).ShouldBeRefused(404, code);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("newest")]
    [InlineData("99999999999")]
    public async Task Read_MalformedVersion_IsRefused(string version) =>
        (await _registry.GetAsync($"/subjects/orders-value/versions/{version}")).ShouldBeRefused(422, 42202).ShouldContain(version);

    [Fact]
    public async Task Delete_SoftThenPermanent_GoesInThisOrder()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlacedWithNote);

        (await _registry.DeleteAsync("/subjects/orders-value/versions/1?permanent=true")).ShouldBeRefused(404, 40407);
        (await _registry.DeleteAsync("/subjects/orders-value/versions/1")).ShouldBeOk("1");
        (await _registry.DeleteAsync("/subjects/orders-value/versions/1")).ShouldBeRefused(404, 40406);
        (await _registry.GetAsync("/subjects/orders-value/versions/1")).ShouldBeRefused(404, 40402);
        (await _registry.GetAsync("/subjects/orders-value/versions/1?deleted=true")).ShouldBeOk()
            .Json.GetProperty("deleted").GetBoolean().ShouldBeTrue();
        (await _registry.GetAsync("/subjects/orders-value/versions?deletedAsNegative=true")).ShouldBeOk("[-1,2]");
        (await _registry.GetAsync("/schemas/ids/1")).ShouldBeOk();
        (await _registry.DeleteAsync("/subjects/orders-value/versions/1?permanent=true")).ShouldBeOk("1");
        (await _registry.GetAsync("/schemas/ids/1")).ShouldBeRefused(404, 40403);
        (await _registry.GetAsync("/subjects/orders-value/versions?deleted=true")).ShouldBeOk("[2]");
    }

    [Fact]
    public async Task Register_Normalized_BringsDifferentWritingsToOneId()
    {
        const string otherOrder =
            """{"fields":[{"type":{"type":"string"},"name":"id"}],"name":"com.acme.OrderPlaced","type":"record"}""";
        var first = await _registry.PostAsync("/subjects/a/versions?normalize=true", new { schema = Schemas.OrderPlaced });
        var second = await _registry.PostAsync("/subjects/b/versions?normalize=true", new { schema = otherOrder });

        second.ShouldBeOk().Json.GetProperty("id").GetInt32().ShouldBe(first.ShouldBeOk().Json.GetProperty("id").GetInt32());
    }
}
