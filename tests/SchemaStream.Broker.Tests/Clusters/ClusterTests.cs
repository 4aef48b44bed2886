using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Clusters;

/// <summary>Three nodes in one process, over real sockets and disks.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task Topic_MadeAtAnyNode_IsSeenAtAll()
    {
        await using var cluster = await TestCluster.StartAsync();
        foreach (var node in cluster.NodeIds)
        {
            await using var client = await cluster.ConnectAsync(node);
            await client.CreateTopicAsync($"made-at-{node}", partitions: 3, replicationFactor: 3);
        }

        foreach (var node in cluster.NodeIds)
        {
            var metadata = await cluster.WaitForAsync(
                node,
                found => found.Topics.TrueForAll(topic => topic.Partitions.Count == 3),
                "all topics are there",
                "made-at-1", "made-at-2", "made-at-3");
            metadata.Brokers.Select(broker => broker.NodeId).ShouldBe(cluster.NodeIds);
            cluster.NodeIds.ShouldContain(metadata.ControllerId);
            metadata.Topics.SelectMany(topic => topic.Partitions).ShouldAllBe(partition =>
                partition.ReplicaNodes.Count == 3 && partition.OfflineReplicas.Count == 0 && partition.ErrorCode == ErrorCode.None);
            metadata.Topics.SelectMany(topic => topic.Partitions).Select(partition => partition.LeaderId).Distinct().Count()
                .ShouldBe(3, "leaders are spread");
        }
    }

    [Fact]
    public async Task Leader_ThatStops_HandsOver_AndNothingAcknowledgedIsLost()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using (var client = await cluster.ConnectAsync(1))
        {
            await client.CreateTopicAsync("orders", replicationFactor: 3);
        }

        var leader = await cluster.LeaderOfAsync("orders");
        await using (var client = await cluster.ConnectAsync(leader))
        {
            await ProduceAsync(client, "orders", "a", "b");
        }

        await cluster.StopNodeAsync(leader);

        var next = await cluster.LeaderOfAsync("orders");
        next.ShouldNotBe(leader);
        await using (var client = await cluster.ConnectAsync(next))
        {
            await ProduceAsync(client, "orders", "c");
            Wire.Values((await client.FetchAsync("orders", 0)).Records).ShouldBe(["a", "b", "c"]);
        }

        await cluster.StartNodeAsync(leader);
        await cluster.WaitForAsync(
            leader, found => found.Topics[0].Partitions[0].IsrNodes.Count == 3, "the one that was away is in sync again", "orders");
    }

    [Fact]
    public async Task MinInsyncReplicas_AreDemandedOfAcksAll()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using (var client = await cluster.ConnectAsync(1))
        {
            await client.CreateTopicAsync("orders", replicationFactor: 3);
            await client.CreateTopicAsync("careful", replicationFactor: 3, configs: ("min.insync.replicas", "3"));
        }

        var leader = await cluster.LeaderOfAsync("careful");
        var follower = cluster.NodeIds.First(node => node != leader);
        await cluster.StopNodeAsync(follower);
        await using var toLeader = await cluster.ConnectToLeaderAsync("careful");
        await Eventually.GetAsync(
            () => toLeader.ProduceAsync("careful", Wire.Batch("refused")),
            answer => answer.ErrorCode == ErrorCode.NotEnoughReplicas,
            "two of three are not enough");
        (await toLeader.ProduceAsync("careful", Wire.Batch("unsafe"), acks: 1)).ErrorCode.ShouldBe(ErrorCode.None);
        await using var other = await cluster.ConnectToLeaderAsync("orders");
        await ProduceAsync(other, "orders", "taken");
    }

    [Fact]
    public async Task Controller_ThatStops_IsFollowedByAnother()
    {
        await using var cluster = await TestCluster.StartAsync();
        var controller = await cluster.ControllerAsync();
        await cluster.StopNodeAsync(controller);

        (await cluster.ControllerAsync()).ShouldNotBe(controller);
        await using var client = await cluster.ConnectAsync(cluster.Running.Last());
        await client.CreateTopicAsync("after", replicationFactor: 2);
        var metadata = await cluster.WaitForAsync(
            cluster.Running.First(), found => found.Topics[0].Partitions.Count == 1, "the topic is there", "after");
        metadata.Brokers.Select(broker => broker.NodeId).ShouldBe(cluster.Running);
    }

    [Fact]
    public async Task PreferredLeader_IsElectedOnRequest()
    {
        await using var cluster = await TestCluster.StartAsync(3, ("auto.leader.rebalance.enable", "false"));
        await using (var client = await cluster.ConnectAsync(1))
        {
            await client.CreateTopicAsync("orders", replicationFactor: 3);
        }

        var preferred = await cluster.LeaderOfAsync("orders");
        await cluster.StopNodeAsync(preferred);
        (await cluster.LeaderOfAsync("orders")).ShouldNotBe(preferred);
        await cluster.StartNodeAsync(preferred);
        await cluster.WaitForAsync(1, found => found.Topics[0].Partitions[0].IsrNodes.Count == 3, "all are in sync", "orders");

        await using var admin = await cluster.ConnectAsync(1);
        var request = new ElectLeadersRequest { TopicPartitions = [new() { Topic = "orders", Partitions = [0, 7] }] };
        var response = await admin.SendAsync(request, 2).WaitAsync(TestTime.Limit);
        response.ErrorCode.ShouldBe(ErrorCode.None);
        response.ReplicaElectionResults.ShouldHaveSingleItem().PartitionResult.Select(result => (result.PartitionId, result.ErrorCode))
            .ShouldBe([(0, ErrorCode.None), (7, ErrorCode.UnknownTopicOrPartition)]);
        await cluster.WaitForAsync(1, found => found.Topics[0].Partitions[0].LeaderId == preferred, "the preferred one leads", "orders");
        (await admin.SendAsync(request, 2)).ReplicaElectionResults[0].PartitionResult[0].ErrorCode.ShouldBe(ErrorCode.ElectionNotNeeded);
        request.ElectionType = 9;
        (await admin.SendAsync(request, 2)).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    [Fact]
    public async Task Partition_IsMovedToAnotherBroker()
    {
        await using var cluster = await TestCluster.StartAsync();
        await using (var client = await cluster.ConnectAsync(1))
        {
            await client.CreateTopicAsync("orders", replicationFactor: 1, configs: ("min.insync.replicas", "1"));
        }

        var from = await cluster.LeaderOfAsync("orders");
        var to = cluster.NodeIds.First(node => node != from);
        await using (var client = await cluster.ConnectAsync(from))
        {
            await ProduceAsync(client, "orders", "a", "b");
        }

        await using var admin = await cluster.ConnectAsync(2);
        var request = new AlterPartitionReassignmentsRequest
        {
            Topics = [new() { Name = "orders", Partitions = [new() { PartitionIndex = 0, Replicas = [to] }] }],
        };
        var response = await admin.SendAsync(request, 1).WaitAsync(TestTime.Limit);
        response.Responses[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);

        await Eventually.GetAsync(
            () => admin.SendAsync(new ListPartitionReassignmentsRequest { Topics = null }, 0), list => list.Topics.Count == 0, "it is done");
        await cluster.WaitForAsync(
            3,
            found => found.Topics[0].Partitions[0] is { } partition && partition.LeaderId == to && partition.ReplicaNodes is [var only] && only == to,
            "it is at its new place",
            "orders");
        await using var there = await cluster.ConnectAsync(to);
        Wire.Values((await there.FetchAsync("orders", 0)).Records).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Group_IsServedByAnotherNode_OnceItsCoordinatorStops()
    {
        await using var cluster = await TestCluster.StartAsync();
        var first = await CoordinatorAsync(cluster);
        await CommitAsync(cluster, first, 5);
        await cluster.StopNodeAsync(first);

        var second = await CoordinatorAsync(cluster);
        second.ShouldNotBe(first);
        await using var client = await cluster.ConnectAsync(second);
        var fetched = await Eventually.GetAsync(
            () => client.SendAsync(new OffsetFetchRequest { GroupId = "billing", Topics = null }, 7),
            answer => answer.ErrorCode == ErrorCode.None,
            "the group's offsets are loaded");
        fetched.Topics[0].Partitions[0].CommittedOffset.ShouldBe(5);
    }

    /// <summary>As clients do it: a leader that does not know yet that it leads is asked again.</summary>
    private static async Task ProduceAsync(KafkaConnection leader, string topic, params string[] values)
    {
        var answer = await Eventually.GetAsync(
            () => leader.ProduceAsync(topic, Wire.Batch(values)),
            answer => answer.ErrorCode is not (ErrorCode.UnknownTopicOrPartition or ErrorCode.NotLeaderOrFollower),
            $"the leader of {topic} leads");
        answer.ErrorCode.ShouldBe(ErrorCode.None);
    }

    private static async Task<int> CoordinatorAsync(TestCluster cluster)
    {
        await using var client = await cluster.ConnectAsync(cluster.Running.Last());
        var found = await Eventually.GetAsync(
            () => client.SendAsync(new FindCoordinatorRequest { Key = "billing" }, 3),
            answer => answer.ErrorCode == ErrorCode.None,
            "the group has a coordinator");
        return found.NodeId;
    }

    private static async Task CommitAsync(TestCluster cluster, int coordinator, long offset)
    {
        await using var client = await cluster.ConnectAsync(coordinator);
        await client.CreateTopicAsync("orders", replicationFactor: 3);
        await Eventually.GetAsync(
            () => client.SendAsync(
                new OffsetCommitRequest
                {
                    GroupId = "billing",
                    Topics = [new() { Name = "orders", Partitions = [new() { PartitionIndex = 0, CommittedOffset = offset, CommittedMetadata = "" }] }],
                },
                8),
            answer => answer.Topics[0].Partitions[0].ErrorCode == ErrorCode.None,
            "the offset is committed");
    }
}
