using System.Globalization;
using System.Text.Json;
using SchemaStream.Interop.Tests.Tools;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary>kcat (librdkafka 2.0): what its user types works.</summary>
[Collection(StackCollection.Name)]
public sealed class KcatTests(StackFixture fixture)
{
    private const int Records = 200;

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task ProducedRecords_AreConsumed_InEveryCompression(string codec)
    {
        var topic = $"kcat-{codec}";
        var lines = string.Concat(Enumerable.Range(0, Records).Select(i => $"key-{i}:value-{i}-{new string('x', 50)}\n"));

        await Kcat(["-P", "-t", topic, "-p", "0", "-K", ":", "-z", codec, "-X", "acks=all"], lines);
        var read = await Kcat(["-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q", "-f", "%o %k:%s\\n"]);

        read.ShouldBe(string.Concat(Enumerable.Range(0, Records).Select(
            i => $"{i} key-{i}:value-{i}-{new string('x', 50)}\n")));
    }

    [Fact]
    public async Task List_NamesBrokerTopicAndPartitions()
    {
        await Kcat(["-P", "-t", "kcat-listed"], "one\n");

        var listed = JsonDocument.Parse(await Kcat(["-L", "-J", "-t", "kcat-listed"])).RootElement;

        listed.GetProperty("brokers")[0].GetProperty("name").GetString().ShouldBe(fixture.Stack.BootstrapServers);
        var topic = listed.GetProperty("topics")[0];
        topic.GetProperty("topic").GetString().ShouldBe("kcat-listed");
        topic.GetProperty("partitions").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task Headers_Timestamps_AndTombstones_Survive()
    {
        await Kcat(["-P", "-t", "kcat-headers", "-p", "0", "-H", "trace=abc", "-H", "empty=", "-K", ":"], "k:v\n");
        await Kcat(["-P", "-t", "kcat-headers", "-p", "0", "-K", ":", "-Z"], "gone:\n");

        var lines = (await Kcat(["-C", "-t", "kcat-headers", "-p", "0", "-e", "-q", "-f", "%h|%k|%S|%T\\n"])).Trim().Split('\n');

        lines[0].ShouldStartWith("trace=abc,empty=|k|1|");
        lines[1].ShouldStartWith("|gone|-1|");
        long.Parse(lines[0].Split('|')[3], CultureInfo.InvariantCulture).ShouldBeGreaterThan(1_600_000_000_000);
    }

    [Fact]
    public async Task Offsets_ByTime_AreAnswered()
    {
        await Kcat(["-P", "-t", "kcat-time", "-p", "0"], "a\nb\n");

        var answer = await Kcat(["-Q", "-t", "kcat-time:0:0"]);

        answer.ShouldContain("kcat-time [0] offset 0");
    }

    private Task<string> Kcat(string[] arguments, string input = "") =>
        ExternalTool.RunAsync("kcat", ["-b", fixture.Stack.BootstrapServers, .. arguments], input);
}
