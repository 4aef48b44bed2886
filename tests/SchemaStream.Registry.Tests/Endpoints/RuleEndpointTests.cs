namespace SchemaStream.Registry.Tests.Endpoints;

/// <summary>Compatibility, configuration, mode.</summary>
public sealed class RuleEndpointTests : IAsyncLifetime
{
    private TestRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task Compatibility_OfIncompatibleSchema_GivesReasonsIfVerbose()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);
        var offered = new { schema = Schemas.OrderPlacedWithTotal };

        (await _registry.PostAsync("/compatibility/subjects/orders-value/versions/latest", offered))
            .ShouldBeOk("""{"is_compatible":false}""");
        var verbose = (await _registry.PostAsync("/compatibility/subjects/orders-value/versions?verbose=true", offered)).ShouldBeOk().Json;

        verbose.GetProperty("is_compatible").GetBoolean().ShouldBeFalse();
        var messages = verbose.GetProperty("messages").EnumerateArray().Select(m => m.GetString()!).ToArray();
        messages.Length.ShouldBe(4);
        messages[0].ShouldStartWith("{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'the new schema");
        messages[0].ShouldEndWith("additionalInfo:'total'}");
        messages[1].ShouldBe("{oldSchemaVersion: 1}");
        messages[2].ShouldBe("{oldSchema: '" + Schemas.OrderPlaced + "'}");
        messages[3].ShouldBe("{validateFields: 'false', compatibility: 'BACKWARD'}");
    }

    [Fact]
    public async Task Compatibility_OfCompatibleSchema_HasNoReasons()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);
        var offered = new { schema = Schemas.OrderPlacedWithNote };

        (await _registry.PostAsync("/compatibility/subjects/orders-value/versions/1?verbose=true", offered))
            .ShouldBeOk("""{"is_compatible":true,"messages":[]}""");
        (await _registry.PostAsync("/compatibility/subjects/none/versions/latest", offered)).ShouldBeOk("""{"is_compatible":true}""");
        (await _registry.PostAsync("/compatibility/subjects/orders-value/versions/5", offered)).ShouldBeRefused(404, 40402);
        (await _registry.PostAsync("/compatibility/subjects/orders-value/versions/five", offered)).ShouldBeRefused(422, 42202);
    }

    [Fact]
    public async Task Compatibility_OfInvalidSchema_IsARefusalOrIfVerboseAReason()
    {
        (await _registry.PostAsync("/compatibility/subjects/orders-value/versions", new { schema = "{" })).ShouldBeRefused(422, 42201);
        var verbose = await _registry.PostAsync("/compatibility/subjects/orders-value/versions?verbose=true", new { schema = "{" });
        verbose.ShouldBeOk().Json.GetProperty("is_compatible").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Config_OfRegistryAndSubject_IsSetShownAndForgotten()
    {
        (await _registry.GetAsync("/config")).ShouldBeOk("""{"compatibilityLevel":"BACKWARD"}""");
        (await _registry.PutAsync("/config", new { compatibility = "full", normalize = true }))
            .ShouldBeOk("""{"normalize":true,"compatibility":"FULL"}""");
        (await _registry.GetAsync("/config/orders-value")).ShouldBeRefused(404, 40408);
        (await _registry.GetAsync("/config/orders-value?defaultToGlobal=true"))
            .ShouldBeOk("""{"normalize":true,"compatibilityLevel":"FULL"}""");
        (await _registry.PutAsync("/config/orders-value", new { compatibility = "NONE" })).ShouldBeOk("""{"compatibility":"NONE"}""");
        (await _registry.GetAsync("/config/orders-value")).ShouldBeOk("""{"compatibilityLevel":"NONE"}""");
        (await _registry.DeleteAsync("/config/orders-value")).ShouldBeOk("""{"compatibilityLevel":"NONE"}""");
        (await _registry.DeleteAsync("/config/orders-value")).ShouldBeRefused(404, 40401);
        (await _registry.DeleteAsync("/config")).ShouldBeOk("""{"normalize":true,"compatibilityLevel":"FULL"}""");
        (await _registry.GetAsync("/config")).ShouldBeOk("""{"compatibilityLevel":"BACKWARD"}""");
    }

    [Fact]
    public async Task Config_BadLevel_IsRefusedWithTheLevels() =>
        (await _registry.PutAsync("/config", new { compatibility = "SOMETIMES" })).ShouldBeRefused(422, 42203)
            .ShouldContain("BACKWARD_TRANSITIVE");

    [Fact]
    public async Task Config_UnknownProperty_IsIgnored() =>
        (await _registry.SendAsync(HttpMethod.Put, "/config", """{"compatibility":"NONE","colour":"red"}"""))
            .ShouldBeOk("""{"compatibility":"NONE"}""");

    [Fact]
    public async Task Mode_ReadOnly_RefusesChangesButFindsWhatIsThere()
    {
        await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced);

        (await _registry.GetAsync("/mode")).ShouldBeOk("""{"mode":"READWRITE"}""");
        (await _registry.PutAsync("/mode", new { mode = "READONLY" })).ShouldBeOk("""{"mode":"READONLY"}""");
        (await _registry.RegisterAsync("orders-value", Schemas.OrderPlacedWithNote)).ShouldBeRefused(422, 42205);
        (await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced)).ShouldBeOk();
        (await _registry.DeleteAsync("/subjects/orders-value")).ShouldBeRefused(422, 42205);
        (await _registry.PutAsync("/config", new { compatibility = "NONE" })).ShouldBeRefused(422, 42205);
        (await _registry.PutAsync("/mode/orders-value", new { mode = "READWRITE" })).ShouldBeOk();
        (await _registry.RegisterAsync("orders-value", Schemas.OrderPlacedWithNote)).ShouldBeOk();
        (await _registry.DeleteAsync("/mode/orders-value")).ShouldBeOk("""{"mode":"READWRITE"}""");
        (await _registry.GetAsync("/mode/orders-value")).ShouldBeRefused(404, 40409);
        (await _registry.GetAsync("/mode/orders-value?defaultToGlobal=true")).ShouldBeOk("""{"mode":"READONLY"}""");
        (await _registry.PutAsync("/mode", new { mode = "ASLEEP" })).ShouldBeRefused(422, 42204);
        (await _registry.SendAsync(HttpMethod.Put, "/mode", "{}")).ShouldBeRefused(422, 42204);
    }

    [Fact]
    public async Task Mode_Import_TakesSchemasWithTheirIds()
    {
        (await _registry.PutAsync("/mode/orders-value", new { mode = "IMPORT" })).ShouldBeOk();

        (await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced)).ShouldBeRefused(422, 42205);
        (await _registry.PostAsync("/subjects/orders-value/versions", new { schema = Schemas.OrderPlaced, id = 70, version = 4 }))
            .ShouldBeOk().Json.GetProperty("id").GetInt32().ShouldBe(70);
        (await _registry.PostAsync("/subjects/orders-value/versions", new { schema = Schemas.OrderPlacedWithNote, id = 70 }))
            .ShouldBeRefused(422, 42205);
        (await _registry.GetAsync("/subjects/orders-value/versions")).ShouldBeOk("[4]");
        (await _registry.RegisterAsync("other-value", Schemas.OrderCancelled)).ShouldBeOk().Json.GetProperty("id").GetInt32().ShouldBe(71);
    }
}
