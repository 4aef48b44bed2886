using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.DataDirectories;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests;

public sealed class BrokerRuntimeTests
{
    [Fact]
    public async Task Restart_KeepsTopicsRecordsAndIdentity()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders", partitions: 3, ("retention.ms", "-1"));
        await runtime.ProduceAsync(topic, TestBatch.Of("a", "b"));
        var cluster = runtime.Image.ClusterId;

        await runtime.RestartAsync();

        runtime.Image.ClusterId.ShouldBe(cluster);
        runtime.Image.TryGetTopic("orders", out var image).ShouldBeTrue();
        image!.TopicId.ShouldBe(topic.TopicId);
        image.Partitions.Length.ShouldBe(3);
        image.Config.RetentionMs.ShouldBe(-1);
        (await runtime.ProduceAsync(topic, TestBatch.Of("c"))).BaseOffset.ShouldBe(2);
        using var fetched = await runtime.FetchAsync(topic, 0);
        RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task ProducerIds_AreNeverGivenTwice_AlsoAcrossARestart()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var ids = new HashSet<long>();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 1_200; i++)
            {
                var allocated = await runtime.Broker.ProducerIds.AllocateAsync(CancellationToken.None);
                allocated.Error.ShouldBe(ErrorCode.None);
                ids.Add(allocated.ProducerId).ShouldBeTrue();
            }

            await runtime.RestartAsync();
        }
    }

    [Fact]
    public async Task SecondBroker_OnTheSameDirectory_IsToldThatItIsInUse()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();

        var second = () => runtime.StartSecondAsync();

        (await second.ShouldThrowAsync<DataDirectoryException>()).Message.ShouldContain("in use");
    }

    [Fact]
    public async Task Start_OnTheDirectoryOfAnotherNodeOrCluster_IsRefused()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        await runtime.Broker.StopAsync();

        var otherNode = () => runtime.StartSecondAsync(options => options with { NodeId = 2 });
        var otherCluster = () => runtime.StartSecondAsync(options => options with { ClusterId = "another" });

        (await otherNode.ShouldThrowAsync<DataDirectoryException>()).Message.ShouldContain("node 1");
        (await otherCluster.ShouldThrowAsync<DataDirectoryException>()).Message.ShouldContain("cluster");
    }

    [Fact]
    public async Task DeletedTopic_TakesItsFilesWithIt_AndItsNameCanBeUsedAgain()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var old = await runtime.CreateTopicAsync("orders", partitions: 2);
        await runtime.ProduceAsync(old, TestBatch.Of("a"));

        await runtime.DeleteTopicAsync("orders");
        var young = await runtime.CreateTopicAsync("orders");

        young.TopicId.ShouldNotBe(old.TopicId);
        (await runtime.ProduceAsync(old, TestBatch.Of("b"))).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await runtime.ProduceAsync(young, TestBatch.Of("c"))).BaseOffset.ShouldBe(0);
        await runtime.RestartAsync();
        Directory.GetDirectories(runtime.DataDirectory).Select(Path.GetFileName).Order()
            .ShouldBe(["__cluster_metadata-0", "orders-0"]);
    }

    [Fact]
    public async Task Partitions_AddedToATopic_AreHereAtOnce()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");

        await runtime.Broker.Metadata.SubmitAsync(new CreatePartitionsCommand([new PartitionGrowth("orders", 3)]), CancellationToken.None);

        (await runtime.ProduceAsync(topic with { Partition = 2 }, TestBatch.Of("a"))).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task ChangedConfig_AppliesToTheNextProduce()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        (await runtime.ProduceAsync(topic, TestBatch.Of("a"))).Error.ShouldBe(ErrorCode.None);

        await runtime.Broker.Metadata.SubmitAsync(
            new AlterTopicConfigsCommand(
                [new TopicConfigAlteration("orders", [new ConfigChange("max.message.bytes", ConfigOperation.Set, "10")])]),
            CancellationToken.None);

        (await runtime.ProduceAsync(topic, TestBatch.Of("b"))).Error.ShouldBe(ErrorCode.MessageTooLarge);
    }

    [Fact]
    public async Task DirectoryThatNoTopicOwns_IsSetAsideNotDeleted()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        await runtime.Broker.StopAsync();
        var stray = Path.Combine(runtime.DataDirectory, "forgotten-0");
        Directory.CreateDirectory(stray);
        await File.WriteAllTextAsync(Path.Combine(stray, "00000000000000000000.log"), "precious");

        await runtime.RestartAsync();

        Directory.Exists(stray).ShouldBeFalse();
        var aside = Directory.GetDirectories(runtime.DataDirectory, "forgotten-0.*-stray").ShouldHaveSingleItem();
        (await File.ReadAllTextAsync(Path.Combine(aside, "00000000000000000000.log"))).ShouldBe("precious");
    }

    [Fact]
    public async Task Retention_TakesOldSegmentsInTheBackground()
    {
        var clock = new ManualTimeProvider();
        await using var runtime = await RuntimeUnderTest.StartAsync(timeProvider: clock);
        var topic = await runtime.CreateTopicAsync("orders", configs: [("segment.bytes", "200"), ("retention.ms", "60000")]);
        for (var i = 0; i < 10; i++)
        {
            var time = clock.GetUtcNow().ToUnixTimeMilliseconds();
            (await runtime.ProduceAsync(topic, TestBatch.At(time, new string('x', 100)))).Error.ShouldBe(ErrorCode.None);
        }

        clock.Advance(TimeSpan.FromMinutes(6));

        await RuntimeUnderTest.UntilAsync(async () => await EarliestAsync() == 10);

        async Task<long> EarliestAsync() => (await runtime.Partitions.ListOffsetsAsync(
            topic, ListOffsetsTimestamp.Earliest, IsolationLevel.ReadUncommitted)).Offset;
    }

    [Fact]
    public async Task BrokenDirectory_TakesOnePartitionOffline_NotTheBroker()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var broken = await runtime.CreateTopicAsync("broken");
        var sound = await runtime.CreateTopicAsync("sound");
        await runtime.Broker.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(runtime.DataDirectory, "broken-0", "partition.metadata"), "nonsense");

        // The directory is unreadable as a partition's: the start is refused or the partition is offline, never served wrongly.
        await runtime.RestartAsync();

        (await runtime.ProduceAsync(broken, TestBatch.Of("a"))).Error.ShouldBe(ErrorCode.KafkaStorageError);
        (await runtime.ProduceAsync(sound, TestBatch.Of("a"))).Error.ShouldBe(ErrorCode.None);
    }
}
