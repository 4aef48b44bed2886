using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Registries;

/// <summary><c>schemastream registry</c> as a process: what scripts rely on.</summary>
public sealed class RegistryCommandTests : IDisposable
{
    private const string AnyPort = "listeners=http://127.0.0.1:0";

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Ready_MeansThatItServes_AndAStopIsInOrder()
    {
        await using var registry = await ProgramProcess.StartAsync(
            "registry", "--no-environment", "--set", AnyPort, "--set", $"schemastream.data.dir={_directory.Path}");
        using var http = new HttpClient { BaseAddress = new Uri(registry.ReadyLine["ready registry=".Length..]) };

        (await http.GetStringAsync("/subjects")).ShouldBe("[]");
        (await http.GetStringAsync("/health/ready")).ShouldBe("""{"status":"UP","leader":true}""");
        (await http.GetStringAsync("/metrics")).ShouldContain("schemastream_registry_leader 1");
        (await registry.StopAsync()).ShouldBe(0, registry.Log);
    }

    [Fact]
    public async Task TheCommandLine_GoesBeforeVariables_AndThoseBeforeTheFile()
    {
        var file = Path.Combine(_directory.Path, "schema-registry.properties");
        await File.WriteAllTextAsync(file, $"""
            # as Confluent's package has it
            listeners = http://127.0.0.1:1
            schema.compatibility.level = none
            mode.mutability = false
            schemastream.data.dir = {_directory.Path}
            """);
        await using var registry = await ProgramProcess.StartAsync(
            new Dictionary<string, string> { ["SCHEMA_REGISTRY_LISTENERS"] = "http://127.0.0.1:2", ["SCHEMA_REGISTRY_SCHEMA_COMPATIBILITY_LEVEL"] = "full" },
            "registry", "--config", file, "--set", AnyPort);
        using var http = new HttpClient { BaseAddress = new Uri(registry.ReadyLine["ready registry=".Length..]) };

        (await http.GetStringAsync("/config")).ShouldBe("""{"compatibilityLevel":"FULL"}""");
        using var mode = await http.PutAsync("/mode", new StringContent("""{"mode":"READONLY"}""", null, "application/json"));
        ((int)mode.StatusCode).ShouldBe(422);
    }

    [Theory]
    [InlineData("listener=http://x:1", "--set: the registry has no setting 'listener' (did you mean 'listeners'?)")]
    [InlineData("listeners=x", "--set: setting 'listeners': expected http://HOST:PORT or https://HOST:PORT, separated by commas, found 'x'")]
    [InlineData("schemastream.log.format=xml", "--set: setting 'schemastream.log.format': expected TEXT, JSON, found 'xml'")]
    public async Task ABadSetting_IsOneSentence(string setting, string message)
    {
        var (code, _, errors) = await ProgramProcess.RunAsync("registry", "--no-environment", "--set", setting);

        code.ShouldBe(1);
        errors.Trim().ShouldBe($"schemastream registry: {message}");
    }

    [Fact]
    public async Task LogsInJson_AreAnObjectALine()
    {
        await using var registry = await ProgramProcess.StartAsync(
            "registry", "--no-environment", "--set", AnyPort, "--set", $"schemastream.data.dir={_directory.Path}", "--set", "schemastream.log.format=json");
        (await registry.StopAsync()).ShouldBe(0);

        foreach (var line in registry.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("EventId").GetInt32().ShouldBeInRange(2000, 2999);
        }
    }
}
