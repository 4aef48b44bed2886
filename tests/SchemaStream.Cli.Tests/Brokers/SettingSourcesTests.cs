using System.Text.Json;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Brokers;

/// <summary>Where a process takes its settings from, and what it logs.</summary>
public sealed class SettingSourcesTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Variables_AreEnoughToRunABroker_AndItsLogMayBeJson()
    {
        await using var broker = await ProgramProcess.StartAsync(Variables(("SCHEMASTREAM_LOG_FORMAT", "json"), ("KAFKA_HEAP_OPTS", "-Xmx1G")), "broker");
        (await broker.StopAsync()).ShouldBe(0, broker.Log);

        var lines = broker.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var ready = lines.Single(line => line.GetProperty("EventId").GetInt32() == 4000);
        ready.GetProperty("LogLevel").GetString().ShouldBe("Information");
        ready.GetProperty("Category").GetString().ShouldBe("SchemaStream.Broker.BrokerHost");
        ready.GetProperty("State").GetProperty("NodeId").GetInt32().ShouldBe(7);
        ready.GetProperty("Timestamp").GetString()!.ShouldEndWith("Z");
    }

    [Fact]
    public async Task Levels_AreByCategory()
    {
        await using var broker = await ProgramProcess.StartAsync(
            Variables(("SCHEMASTREAM_LOG_LEVEL", "Warning"), ("SCHEMASTREAM_LOG_LEVELS", "SchemaStream.Broker.Server=Information")), "broker");

        await Eventually.TrueAsync(() => broker.Log.Contains("Listening on", StringComparison.Ordinal));
        broker.Log.ShouldNotContain("is ready");
    }

    [Fact]
    public async Task Switch_GoesBeforeVariable_AndNoEnvironmentPassesOverAll()
    {
        await using (var broker = await ProgramProcess.StartAsync(Variables(), "broker", "--set", "node.id=8"))
        {
            await Eventually.TrueAsync(() => broker.Log.Contains("Broker 8 is ready", StringComparison.Ordinal));
        }

        await using var alone = ProgramProcess.Launch(Variables(), "broker", "--no-environment");
        (await alone.ExitCodeAsync()).ShouldBe(1);
        alone.Log.ShouldContain("nothing says what to run");
    }

    [Theory]
    [InlineData("KAFKA_NUM_PARTITION", "3", "schemastream broker: environment variable KAFKA_NUM_PARTITION: Setting 'num.partition'")]
    [InlineData("KAFKA_NUM_PARTITIONS", "x", "schemastream broker: environment variable KAFKA_NUM_PARTITIONS: Setting 'num.partitions'")]
    public async Task Variable_ThatIsWrong_IsNamed(string name, string value, string words)
    {
        await using var broker = ProgramProcess.Launch(Variables((name, value)), "broker");
        (await broker.ExitCodeAsync()).ShouldBe(1);
        broker.Log.ShouldStartWith(words);
    }

    [Fact]
    public async Task Up_TakesVariablesToo_AndSaysWhereMetricsAre()
    {
        await using var up = await ProgramProcess.StartAsync(
            new Dictionary<string, string> { ["KAFKA_NODE_ID"] = "5", ["SCHEMASTREAM_HTTP_LISTENER"] = "127.0.0.1:0" },
            "up", "--data-dir", _directory.Path, "--kafka-port", "0", "--registry-port", "0");

        up.ReadyLine.Split(' ').Select(word => word.Split('=')[0]).ShouldBe(["ready", "kafka", "registry", "http"]);
        using var client = new HttpClient();
        (await client.GetStringAsync(new Uri(up.ReadyLine[(up.ReadyLine.LastIndexOf('=') + 1)..] + "/health/ready"))).ShouldContain("ready");
        up.Log.ShouldContain("Broker 5 is ready");
    }

    private Dictionary<string, string> Variables(params (string Name, string Value)[] more)
    {
        var variables = new Dictionary<string, string>
        {
            ["KAFKA_NODE_ID"] = "7",
            ["KAFKA_LOG_DIRS"] = Path.Combine(_directory.Path, "data"),
            ["KAFKA_LISTENERS"] = "PLAINTEXT://127.0.0.1:0",
        };
        foreach (var (name, value) in more)
        {
            variables[name] = value;
        }

        return variables;
    }
}
