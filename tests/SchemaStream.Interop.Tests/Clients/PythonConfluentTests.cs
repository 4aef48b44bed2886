using System.Text.Json;
using SchemaStream.Interop.Tests.Tools;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary>Debian's python3-confluent-kafka: produce, groups, administration, seeking by time.</summary>
[Collection(StackCollection.Name)]
public sealed class PythonConfluentTests(StackFixture fixture)
{
    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task ProducedRecords_AreConsumedInAGroup_InEveryCompression(string codec)
    {
        var outcome = await Run("compression", $"python-{codec}", codec, "500");

        outcome.GetProperty("delivered").GetInt32().ShouldBe(500);
        outcome.GetProperty("read").GetInt32().ShouldBe(500);
        outcome.GetProperty("values").GetBoolean().ShouldBeTrue();
        outcome.GetProperty("headers").GetBoolean().ShouldBeTrue();
        outcome.GetProperty("keysKeepTheirPartition").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Group_OfTwo_SharesPartitions_AndResumesBehindItsCommit()
    {
        var outcome = await Run("group", "python-group");

        (outcome.GetProperty("first").GetInt32() + outcome.GetProperty("second").GetInt32()).ShouldBe(300);
        outcome.GetProperty("first").GetInt32().ShouldBeGreaterThan(0);
        outcome.GetProperty("second").GetInt32().ShouldBeGreaterThan(0);
        outcome.GetProperty("twice").GetInt32().ShouldBe(0);
        outcome.GetProperty("afterCommit").EnumerateArray().Select(offset => offset.GetInt64()).ShouldBe([100, 101, 102, 103, 104]);
    }

    [Fact]
    public async Task Admin_CreatesGrowsDescribesAndDeletes()
    {
        var outcome = await Run("admin", "python-admin");

        outcome.GetProperty("again").GetString().ShouldBe("TOPIC_ALREADY_EXISTS");
        outcome.GetProperty("partitions").GetInt32().ShouldBe(5);
        outcome.GetProperty("leaders").GetArrayLength().ShouldBe(1);
        outcome.GetProperty("retention").GetString().ShouldBe("3600000");
        outcome.GetProperty("deleted").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Seek_ByTime_FindsTheFirstRecordAtOrAfterIt()
    {
        var outcome = await Run("seek", "python-seek");

        outcome.GetProperty("offset").GetInt64().ShouldBe(8);
        outcome.GetProperty("value").GetString().ShouldBe("8");
        outcome.GetProperty("low").GetInt64().ShouldBe(0);
        outcome.GetProperty("high").GetInt64().ShouldBe(20);
    }

    private Task<JsonElement> Run(string scenario, string topic, params string[] options) =>
        Python.RunAsync("confluent_client.py", [scenario, fixture.Stack.BootstrapServers, topic, .. options]);
}
