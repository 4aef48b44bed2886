using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

/// <summary>Where partitions are and who leads them, as administrators ask for it; what really moves is shown with several nodes.</summary>
public sealed class PlacementTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Reassignment_IsRefusedPartitionByPartition()
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        await client.CreateTopicAsync(name, partitions: 2);
        var request = new AlterPartitionReassignmentsRequest
        {
            Topics =
            [
                new()
                {
                    Name = name,
                    Partitions =
                    [
                        new() { PartitionIndex = 0, Replicas = [77] },
                        new() { PartitionIndex = 1, Replicas = null },
                        new() { PartitionIndex = 9, Replicas = [1] },
                    ],
                },
                new() { Name = "not-there", Partitions = [new() { PartitionIndex = 0, Replicas = [1] }] },
            ],
        };
        var response = await client.SendAsync(request, 0).WaitAsync(TestTime.Limit);
        response.ErrorCode.ShouldBe(ErrorCode.None);
        response.Responses.SelectMany(topic => topic.Partitions.Select(partition => (topic.Name, partition.PartitionIndex, partition.ErrorCode)))
            .ShouldBe(
                [
                    (name, 0, ErrorCode.InvalidReplicaAssignment),
                    (name, 1, ErrorCode.NoReassignmentInProgress),
                    (name, 9, ErrorCode.UnknownTopicOrPartition),
                    ("not-there", 0, ErrorCode.UnknownTopicOrPartition),
                ],
                ignoreOrder: true);

        var list = new ListPartitionReassignmentsRequest { Topics = [new() { Name = name, PartitionIndexes = [0, 1, 9] }, new() { Name = "not-there", PartitionIndexes = [0] }] };
        (await client.SendAsync(list, 0).WaitAsync(TestTime.Limit)).Topics.ShouldBeEmpty();
    }

    [Fact]
    public async Task Election_ThatIsNotNeeded_IsSaidOfPartitionsThatWereNamed()
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        await client.CreateTopicAsync(name);
        var named = new ElectLeadersRequest { TopicPartitions = [new() { Topic = name, Partitions = [0, 0] }] };
        (await client.SendAsync(named, 0).WaitAsync(TestTime.Limit)).ReplicaElectionResults.ShouldHaveSingleItem()
            .PartitionResult.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.ElectionNotNeeded);
        (await client.SendAsync(new ElectLeadersRequest { TopicPartitions = null }, 2).WaitAsync(TestTime.Limit)).ReplicaElectionResults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Broker_ThatIsNotRegistered_CannotBeForgotten()
    {
        await using var client = await fixture.ConnectAsync();
        var response = await client.SendAsync(new UnregisterBrokerRequest { BrokerId = 77 }, 0).WaitAsync(TestTime.Limit);
        response.ErrorCode.ShouldBe(ErrorCode.BrokerIdNotRegistered);
        response.ErrorMessage.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task InternalTopic_KeepsItsPartitions()
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        await client.CreateTopicAsync(name);
        var request = new CreatePartitionsRequest
        {
            TimeoutMs = 10_000,
            Topics = [new() { Name = "__consumer_offsets", Count = 9, Assignments = null }, new() { Name = name, Count = 2, Assignments = null }],
        };
        var response = await client.SendAsync(request, 3).WaitAsync(TestTime.Limit);
        response.Results.Select(result => (result.Name, result.ErrorCode)).ShouldBe(
            [("__consumer_offsets", ErrorCode.InvalidRequest), (name, ErrorCode.None)], ignoreOrder: true);
    }

    [Fact]
    public async Task Quorum_OfALoneNode_IsDescribed()
    {
        await using var client = await fixture.ConnectAsync();
        var request = new DescribeQuorumRequest { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new() { PartitionIndex = 0 }] }] };
        var partition = (await client.SendAsync(request, 2).WaitAsync(TestTime.Limit)).Topics[0].Partitions[0];
        (partition.ErrorCode, partition.LeaderId).ShouldBe((ErrorCode.None, 1));
        partition.CurrentVoters.ShouldHaveSingleItem().ReplicaId.ShouldBe(1);
    }
}
