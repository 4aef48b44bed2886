using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Metadata.Tests.Images;

public sealed class MetadataChangesTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(3);

    [Fact]
    public void Changes_NameTopicsThatCameWentAndChanged()
    {
        var kept = _cluster.Create("kept", [1]);
        var gone = _cluster.Create("gone", [1]);
        var changed = _cluster.Create("changed", [1, 2]);
        var before = _cluster.Image;
        var made = _cluster.Create("made", [1]);
        _cluster.Submit(new DeleteTopicsCommand([TopicSelector.ByName("gone")]));
        _cluster.Propose("changed", [1]);
        _cluster.Create("passing", [1]);
        _cluster.Submit(new DeleteTopicsCommand([TopicSelector.ByName("passing")]));

        var topics = _cluster.Image.ChangedSince(before).Topics.ToDictionary(topic => topic.TopicId);
        topics.Keys.ShouldBe([made, gone, changed], ignoreOrder: true);
        topics.ContainsKey(kept).ShouldBeFalse();
        (topics[made].Before is null, topics[gone].After is null).ShouldBe((true, true));
        topics[changed].Partitions().ShouldBe([0]);
        topics[changed].IsConfigChanged.ShouldBeFalse();
        _cluster.Image.ChangedSince(before).AreBrokersChanged.ShouldBeFalse();
    }

    [Fact]
    public void Changes_OfOnePartition_NameItAlone()
    {
        _cluster.Create(new NewTopic("a") { PartitionCount = 50, ReplicationFactor = 2 });
        var before = _cluster.Image;
        var topic = before.TopicsByName["a"];
        var partition = topic.Partitions[17];
        _cluster.Submit(new AlterPartitionCommand(partition.Leader, _cluster.Epoch(partition.Leader),
            [new PartitionAlteration(topic.TopicId, 17, 0, 0, [new(partition.Leader)])]));
        _cluster.Image.ChangedSince(before).Topics.Single().Partitions().ShouldBe([17]);
    }

    [Fact]
    public void Changes_SinceLongAgo_OrOfAnotherLine_AreFoundByComparing()
    {
        _cluster.Create("a", [1, 2]);
        _cluster.Create("b", [1]);
        var before = _cluster.Image;
        for (var round = 0; round < 700; round++)
        {
            _cluster.Propose("a", round % 2 == 0 ? [1] : [1, 2]);
        }

        _cluster.Image.ChangedSince(before).Topics.Single().After!.Name.ShouldBe("a");
        var loaded = _cluster.Restart().Image;
        loaded.ChangedSince(MetadataImage.Empty).Topics.Count.ShouldBe(2);
        loaded.ChangedSince(before).Topics.Count.ShouldBe(2, "nothing is shared with what another process replayed");
        MetadataImage.Empty.ChangedSince(before).Topics.ShouldAllBe(topic => topic.After == null);
    }

    [Fact]
    public void Changes_SinceTheSameImage_AreNone() => _cluster.Image.ChangedSince(_cluster.Image).Topics.ShouldBeEmpty();
}
