using System.Diagnostics;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Cluster;
using SchemaStream.Broker.Runtime.DataDirectories;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Cluster;

public sealed class ClusterTests
{
    [Fact]
    public async Task ThreeNodes_TakeCommandsAtAnyOfThem_AndAllKnowTheSame()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3);

        foreach (var node in cluster.NodeIds)
        {
            var created = await cluster.CreateTopicAsync(node, $"by-{node}", partitions: 3);
            created.ErrorCode.ShouldBe(ErrorCode.None, created.ErrorMessage);

            // Whoever was answered sees what was decided.
            cluster[node].Metadata.Image.TryGetTopic(created.TopicId, out _).ShouldBeTrue();
        }

        await cluster.UntilAsync(image => image.TopicCount == 3);
        foreach (var node in cluster.NodeIds)
        {
            var image = cluster[node].Metadata.Image;
            image.ClusterId.ShouldBe(ClusterUnderTest.ClusterId);
            image.Brokers.Keys.ShouldBe([1, 2, 3]);
            image.Brokers[node].BrokerEpoch.ShouldBe(cluster[node].Lifecycle.BrokerEpoch);
            image.Partition("by-1", 0)!.Replicas.Order().ShouldBe([1, 2, 3]);
        }
    }

    [Fact]
    public async Task ControllerIsCutOff_AnotherTakesOver_AndCommandsThatWereOnTheirWaySucceed()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3);
        (await cluster.CreateTopicAsync(1, "before", partitions: 6)).ErrorCode.ShouldBe(ErrorCode.None);
        var controller = await cluster.ControllerAsync();
        var others = cluster.NodeIds.Where(node => node != controller).ToArray();

        cluster.Network.CutOff(controller);
        var created = await Task.WhenAll(others.Select(node => cluster.CreateTopicAsync(node, $"by-{node}", replicationFactor: 2)));

        created.Select(topic => topic.ErrorCode).ShouldAllBe(error => error == ErrorCode.None);
        (await cluster.ControllerAsync(controller)).ShouldBeOneOf(others);
        await cluster.UntilAsync(image => !image.IsLive(controller) && LeaderCount(image, controller) == 0, others);

        // The one that was alone for a while finds its way back.
        cluster.Network.Heal(controller);
        await cluster.UntilAsync(image => image.IsLive(controller) && image.TopicCount == 3);
    }

    [Fact]
    public async Task BrokerThatFallsSilent_IsFencedWithinItsSession_AndLeadsNothing()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3);
        (await cluster.CreateTopicAsync(1, "orders", partitions: 6)).ErrorCode.ShouldBe(ErrorCode.None);
        var controller = await cluster.ControllerAsync();
        var silent = cluster.NodeIds.First(node => node != controller);
        var others = cluster.NodeIds.Where(node => node != silent).ToArray();
        await cluster.UntilAsync(image => image.TopicCount == 1);
        LeaderCount(cluster[controller].Metadata.Image, silent).ShouldBe(2);

        cluster.Network.CutOff(silent);
        await cluster.UntilAsync(image => !image.IsLive(silent) && LeaderCount(image, silent) == 0, others);

        foreach (var partition in cluster[controller].Metadata.Image.TopicsByName["orders"].Partitions)
        {
            partition.Isr.ShouldNotContain(silent);
            partition.Leader.ShouldBeOneOf(others);
        }

        cluster.Network.Heal(silent);
        await cluster.UntilAsync(image => image.IsLive(silent));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ControlledShutdown_MovesLeadersBeforeTheBrokerIsGone(bool ofTheController)
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3);
        (await cluster.CreateTopicAsync(1, "orders", partitions: 6)).ErrorCode.ShouldBe(ErrorCode.None);
        await cluster.UntilAsync(image => image.TopicCount == 1);
        var controller = await cluster.ControllerAsync();
        var leaving = ofTheController ? controller : cluster.NodeIds.First(node => node != controller);
        LeaderCount(cluster[leaving].Metadata.Image, leaving).ShouldBe(2);

        await cluster[leaving].LeaveAsync(CancellationToken.None);

        // All others know it, and the broker is still there for those who did not.
        cluster.NodeIds.Where(node => node != leaving)
            .ShouldAllBe(node => LeaderCount(cluster[node].Metadata.Image, leaving) == 0);
        cluster[leaving].Fault.IsCompleted.ShouldBeFalse();
        await cluster.RestartAsync(leaving);
        await cluster.UntilAsync(image => image.IsLive(leaving));
    }

    [Fact]
    public async Task ControllerAndBrokersApart_AreACluster()
    {
        await using var cluster = await ClusterUnderTest.StartApartAsync(brokers: 2);

        var created = await cluster.CreateTopicAsync(3, "orders", partitions: 2, replicationFactor: 2);

        created.ErrorCode.ShouldBe(ErrorCode.None, created.ErrorMessage);
        await cluster.UntilAsync(image => image.Partition("orders", 1)?.Replicas.Order().SequenceEqual([2, 3]) == true);
        cluster[1].Metadata.Image.Brokers.Keys.ShouldBe([2, 3]);
        Should.Throw<InvalidOperationException>(() => cluster[1].Partitions).Message.ShouldContain("process.roles");
    }

    [Fact]
    public async Task ProducerIdsOfSeveralBrokers_AreNeverTheSame()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3);
        var ids = new HashSet<long>();

        foreach (var node in cluster.NodeIds)
        {
            var allocated = await cluster[node].ProducerIds.AllocateAsync(CancellationToken.None);
            allocated.Error.ShouldBe(ErrorCode.None);
            ids.Add(allocated.ProducerId).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task AnotherProcessUnderTheSameId_IsRefused_AndToldWhoHasIt()
    {
        await using var cluster = await ClusterUnderTest.StartApartAsync(brokers: 2);

        await using var second = cluster.Open(2, ProcessRoles.Broker, new MemoryDisk());

        var refused = await Should.ThrowAsync<ClusterJoinException>(second.ReadyAsync(CancellationToken.None));
        refused.Message.ShouldContain("broker-2:9092");
        cluster[2].Metadata.Image.IsLive(2).ShouldBeTrue();
    }

    [Fact]
    public async Task BrokerThatTheClusterForgot_RegistersAgain()
    {
        await using var cluster = await ClusterUnderTest.StartApartAsync(brokers: 2);
        var before = cluster[2].Lifecycle.BrokerEpoch;

        await cluster[3].Metadata.SubmitAsync(new UnregisterBrokerCommand(2), CancellationToken.None);

        await cluster.UntilAsync(image => image.IsLive(2) && image.Brokers[2].BrokerEpoch > before);
        cluster[2].Lifecycle.BrokerEpoch.ShouldBeGreaterThan(before);
    }

    [Fact]
    public async Task MajorityIsGone_CommandIsRefusedWhenItsTimeIsUp()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(
            3, options => options with { RequestTimeout = TimeSpan.FromSeconds(2) });
        cluster.Network.CutOff(1);
        cluster.Network.CutOff(2);

        var refused = await cluster.CreateTopicAsync(3, "orders");

        refused.ErrorCode.ShouldBe(ErrorCode.NotController);
        cluster[3].Metadata.Image.TopicCount.ShouldBe(0);
    }

    [Fact]
    public async Task NewDirectoryOfSeveralVoters_NeedsAClusterId()
    {
        await using var cluster = await ClusterUnderTest.StartApartAsync(brokers: 1);

        Should.Throw<DataDirectoryException>(() => cluster.Open(5, ProcessRoles.Broker, new MemoryDisk(), clusterId: null))
            .Message.ShouldContain("cluster.id");
    }

    [Fact]
    public async Task StopOfAll_IsQuickAndClean_AndAllComeBackWithWhatWas()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3);
        var created = await cluster.CreateTopicAsync(2, "orders");
        var watch = Stopwatch.StartNew();

        await Task.WhenAll(cluster.NodeIds.Select(cluster.StopAsync));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        await cluster.BeginAgainAsync();

        await cluster.UntilAsync(image => image.TryGetTopic("orders", out var topic) && topic.TopicId == created.TopicId);
    }

    private static int LeaderCount(MetadataImage image, int broker) =>
        image.TopicsByName.Values.Sum(topic => topic.Partitions.Count(partition => partition.Leader == broker));
}
