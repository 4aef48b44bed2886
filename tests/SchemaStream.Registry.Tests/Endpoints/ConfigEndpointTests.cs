namespace SchemaStream.Registry.Tests.Endpoints;

/// <summary>Configurations with everything that they may hold.</summary>
public sealed class ConfigEndpointTests : IAsyncLifetime
{
    private const string Everything =
        "\"alias\":\"other\",\"aliasForDeks\":\"deks\",\"normalize\":true,\"validateFields\":false,\"validateNewSchemas\":true," +
        "\"validateRules\":false,\"LEVEL\":\"FULL\",\"compatibilityPolicy\":\"LENIENT\",\"compatibilityGroup\":\"major\"," +
        "\"defaultMetadata\":{\"properties\":{\"a\":\"1\"}},\"overrideMetadata\":{\"tags\":{\"p\":[\"t\"]}}," +
        "\"defaultRuleSet\":{\"domainRules\":[{\"name\":\"a\",\"kind\":\"TRANSFORM\",\"mode\":\"WRITEREAD\",\"type\":\"CEL\",\"disabled\":false}]}," +
        "\"overrideRuleSet\":{\"enableAt\":\"NONE\"}";

    private TestRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task Put_Everything_ComesBackWholeAndInOrder()
    {
        var update = "{" + Everything.Replace("LEVEL", "compatibility", StringComparison.Ordinal) + "}";
        var shown = "{" + Everything.Replace("LEVEL", "compatibilityLevel", StringComparison.Ordinal) + "}";

        (await PutAsync("/config/s", update)).ShouldBeOk(update);
        (await _registry.GetAsync("/config/s")).ShouldBeOk(shown);
        await _registry.RestartAsync();
        (await _registry.GetAsync("/config/s")).ShouldBeOk(shown);
        (await _registry.DeleteAsync("/config/s")).ShouldBeOk(shown);
        (await _registry.GetAsync("/config/s")).ShouldBeRefused(404, 40408);
    }

    [Fact]
    public async Task Put_Null_ClearsAndAbsentKeeps()
    {
        await PutAsync("/config/s", """{"normalize":true,"compatibilityGroup":"major","compatibility":"NONE"}""");

        (await PutAsync("/config/s", """{"compatibilityGroup":null,"compatibility":null}""")).ShouldBeOk("""{"normalize":true}""");
        (await _registry.GetAsync("/config/s")).ShouldBeOk("""{"normalize":true,"compatibilityLevel":"BACKWARD"}""");
    }

    [Fact]
    public async Task Put_ALevelByTheNameThatAnswersHave_IsRefusedUnlessItChangesNothing()
    {
        (await PutAsync("/config/s", """{"compatibilityLevel":"NONE"}""")).ShouldBeRefused(422, 42203).ShouldContain("'compatibility'");
        (await PutAsync("/config", """{"compatibilityLevel":"FULL","normalize":true}""")).ShouldBeRefused(422, 42203);

        // Who sends back what was read, or says both, loses nothing.
        (await PutAsync("/config/s", """{"compatibilityLevel":"backward","normalize":true}""")).ShouldBeOk("""{"normalize":true}""");
        (await PutAsync("/config/s", """{"compatibilityLevel":"NONE","compatibility":"FULL"}""")).ShouldBeOk("""{"normalize":true,"compatibility":"FULL"}""");
        (await PutAsync("/config/s", """{"compatibilityLevel":"FULL"}""")).ShouldBeOk("""{"normalize":true,"compatibility":"FULL"}""");
    }

    [Fact]
    public async Task Delete_OfWhatIsNotSet_SaysSo()
    {
        (await _registry.DeleteAsync("/config/s")).ShouldBeRefused(404, 40401).ShouldBe(
            "Subject 's' not found: it has no configuration of its own.");
        (await _registry.DeleteAsync("/mode/s")).ShouldBeRefused(404, 40401).ShouldBe("Subject 's' not found: it has no mode of its own.");
    }

    [Fact]
    public async Task ARefusalThroughAnAlias_NamesTheAlias()
    {
        await PutAsync("/config/nick", """{"alias":"proper"}""");

        (await _registry.GetAsync("/subjects/nick/versions/1")).ShouldBeRefused(404, 40401).ShouldBe(
            "Subject 'proper' not found. ('nick' is an alias of 'proper'.)");
        (await _registry.GetAsync("/subjects/proper/versions/1")).ShouldBeRefused(404, 40401).ShouldBe("Subject 'proper' not found.");
    }

    [Fact]
    public async Task Put_UnknownPolicy_IsPassedOver() =>
        (await PutAsync("/config", """{"compatibilityPolicy":"HARSH","normalize":true}""")).ShouldBeOk("""{"normalize":true}""");

    [Fact]
    public async Task Put_BadRulesOrShape_IsRefused()
    {
        (await PutAsync("/config", """{"defaultRuleSet":{"domainRules":[{"name":"a"}]}}""")).ShouldBeRefused(422, 42210);
        (await PutAsync("/config/s", """{"overrideRuleSet":{"migrationRules":[{"name":"a","type":"CEL"}]}}""")).ShouldBeRefused(422, 42210);
        (await PutAsync("/config", """{"defaultMetadata":"x"}""")).ShouldBeRefused(400, 400);
        (await PutAsync("/config", """{"normalize":"yes"}""")).ShouldBeRefused(400, 400);
    }

    [Theory]
    [InlineData("/config/:.:")]
    [InlineData("/config/%3A.%3A")]
    public async Task DefaultContext_IsTheRegistryItself(string path)
    {
        (await PutAsync(path, """{"compatibility":"NONE"}""")).ShouldBeOk();

        (await _registry.GetAsync("/config")).ShouldBeOk("""{"compatibilityLevel":"NONE"}""");
        (await _registry.DeleteAsync(path)).ShouldBeOk();
        (await _registry.GetAsync(path)).ShouldBeOk("""{"compatibilityLevel":"BACKWARD"}""");
    }

    [Fact]
    public async Task Everyone_AlwaysHasALevel()
    {
        (await _registry.GetAsync("/config/:.__GLOBAL:")).ShouldBeOk("""{"compatibilityLevel":"BACKWARD"}""");
        (await PutAsync("/config/:.__GLOBAL:", """{"compatibility":"FULL"}""")).ShouldBeOk();

        (await _registry.GetAsync("/config/:.dev:s?defaultToGlobal=true")).ShouldBeOk("""{"compatibilityLevel":"FULL"}""");
        (await _registry.GetAsync("/config?defaultToGlobal=true")).ShouldBeOk("""{"compatibilityLevel":"FULL"}""");
        (await _registry.GetAsync("/config")).ShouldBeOk("""{"compatibilityLevel":"BACKWARD"}""");
    }

    private Task<Answer> PutAsync(string path, string body) => _registry.SendAsync(HttpMethod.Put, path, body);
}
