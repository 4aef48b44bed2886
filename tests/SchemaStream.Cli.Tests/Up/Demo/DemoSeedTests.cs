using System.Text.Json;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Up.Demo;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Up.Demo;

/// <summary><c>schemastream up --seed-demo</c>: any client finds something at once.</summary>
public sealed class DemoSeedTests : IDisposable
{
    private static readonly string[] Topics = ["orders", "page-views", "payments", "stock"];

    private readonly TempDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Topics_HaveContractsSchemasAndRecords_OnceForAll()
    {
        string before;
        await using (var stack = await StackProcess.StartAsync(_data.Path, "--seed-demo"))
        {
            using var http = new HttpClient { BaseAddress = new Uri(stack.RegistryUrl) };
            using var contracts = JsonDocument.Parse(await http.GetStringAsync("/contracts/topics"));
            contracts.RootElement.GetRawText().ShouldContain("shop.Order");
            (await http.GetStringAsync("/subjects")).ShouldBe("""["orders-value","page-views-value","payments-value","stock-value"]""");

            (await ReadAsync(stack, "avro", "orders", 30)).ShouldAllBe(line => line.Contains("\"status\":\"PLACED\"", StringComparison.Ordinal));
            (await ReadAsync(stack, "protobuf", "payments", 30)).ShouldAllBe(line => line.Contains("\"currency\":\"EUR\"", StringComparison.Ordinal));
            (await ReadAsync(stack, "json-schema", "page-views", 60)).ShouldAllBe(line => line.Contains("\"visitor\":90071992547", StringComparison.Ordinal));
            var (exitCode, shown, errors) = await ProgramProcess.RunAsync(
                "consume", "orders", "--bootstrap-server", stack.BootstrapServers, "--registry", stack.RegistryUrl, "--from-beginning", "--max", "30");
            exitCode.ShouldBe(0, errors);
            shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(30);
            before = await EndsAsync(stack);
            (await stack.StopAsync()).ShouldBe(0, stack.Log);
        }

        await using var again = await StackProcess.StartAsync(_data.Path, "--seed-demo");
        (await EndsAsync(again)).ShouldBe(before, "what is there already is left as it is");
        (await again.StopAsync()).ShouldBe(0, again.Log);
        again.Log.ShouldContain("topic stock has records already, and stays as it is");
    }

    [Fact]
    public void Records_FitTheirSchemas_AndAreTheSameEachTime()
    {
        var now = DateTimeOffset.UnixEpoch;
        var topics = DemoTopics.Make(now);

        topics.Select(topic => topic.Name).Order(StringComparer.Ordinal).ShouldBe(Topics);
        foreach (var topic in topics)
        {
            var codec = SchemaCodecs.Create(topic.Format, topic.Schema, [], JsonStyle.Readable);
            codec.TypeName.ShouldBe(topic.Type);
            topic.Records.ShouldAllBe(record => codec.FromJson(System.Text.Encoding.UTF8.GetBytes(record.Json)).Length > 0);
            topic.Records.ShouldAllBe(record => record.Key != null == topic.HasKey);
        }

        topics.SelectMany(topic => topic.Records).ShouldBe(DemoTopics.Make(now).SelectMany(topic => topic.Records));
    }

    private static async Task<string[]> ReadAsync(StackProcess stack, string format, string topic, int count)
    {
        var (exitCode, output, errors) = await ProgramProcess.RunAsync(
            $"kafka-{format}-console-consumer", "--bootstrap-server", stack.BootstrapServers, "--topic", topic, "--from-beginning",
            "--max-messages", $"{count}", "--property", $"schema.registry.url={stack.RegistryUrl}");
        exitCode.ShouldBe(0, errors);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(count);
        return lines;
    }

    private static async Task<string> EndsAsync(StackProcess stack) =>
        (await ProgramProcess.RunAsync("kafka-get-offsets", "--bootstrap-server", stack.BootstrapServers, "--exclude-internal-topics")).Output;
}
