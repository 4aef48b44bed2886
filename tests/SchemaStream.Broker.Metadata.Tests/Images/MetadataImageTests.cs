using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;

namespace SchemaStream.Broker.Metadata.Tests.Images;

public sealed class MetadataImageTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(2);

    [Fact]
    public void Image_NeverChanges_AndSharesWhatIsEqual()
    {
        _cluster.Create(new NewTopic("a"));
        var before = _cluster.Image;
        _cluster.Create(new NewTopic("b"));

        before.TryGetTopic("b", out _).ShouldBeFalse();
        _cluster.Image.TopicsByName["a"].ShouldBeSameAs(before.TopicsByName["a"]);
        _cluster.Image.Brokers.ShouldBeSameAs(before.Brokers);
        _cluster.Image.Offset.ShouldBeGreaterThan(before.Offset);
    }

    [Fact]
    public void Lookup_AllocatesNothing()
    {
        var id = _cluster.Create(new NewTopic("a") { PartitionCount = 3 }).TopicId;
        var image = _cluster.Image;
        Look(image, id);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Look(image, id);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        static void Look(MetadataImage image, Guid id)
        {
            if (image.Partition("a", 2) is null || !image.TryGetTopic(id, out _) || !image.IsLive(1) || image.Partition("x", 0) is not null)
            {
                throw new InvalidOperationException();
            }
        }
    }

    [Fact]
    public void Replay_InOneGoOrRecordByRecord_GivesTheSameImage()
    {
        _cluster.Create(new NewTopic("a") { PartitionCount = 3, ReplicationFactor = 2, Configs = [new("flush.ms", "7")] });
        _cluster.Create(new NewTopic("b"));
        _cluster.Fence(1);
        _cluster.Submit(new DeleteTopicsCommand([TopicSelector.ByName("b")]));

        var atOnce = _cluster.Restart().Image;
        var stepwise = new ClusterController(new ControllerOptions(), new Random(1));
        for (var offset = 0; offset < _cluster.Log.Count; offset++)
        {
            stepwise.Replay([MetadataRecordFormat.Decode(_cluster.Log[offset])], offset);
        }

        ImageText.Of(atOnce).ShouldBe(ImageText.Of(_cluster.Image));
        ImageText.Of(stepwise.Image).ShouldBe(ImageText.Of(_cluster.Image));
    }

    [Fact]
    public void Replay_OfARecordThatCannotFollow_StopsAndSaysWhy()
    {
        var replay = new MetadataReplay(_cluster.Image, Metadata.Configs.TopicConfigDefaults.Kafka);
        Should.Throw<InvalidOperationException>(() => replay.Replay(new RemoveTopicRecord { TopicId = Guid.NewGuid() }))
            .Message.ShouldContain("which is not there");
        Should.Throw<InvalidOperationException>(() => replay.Replay(new BrokerFencingRecord { BrokerId = 1, BrokerEpoch = 99 }));
        Should.Throw<InvalidOperationException>(() => replay.Replay(new ConfigRecord { ResourceType = 2, ResourceName = "x", Name = "y" }));
    }
}
