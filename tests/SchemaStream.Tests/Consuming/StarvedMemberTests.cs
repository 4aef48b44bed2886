using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Tests.Stack;

namespace SchemaStream.Tests.Consuming;

/// <summary>A leader that knows nothing of a topic shares out nothing of it, and nobody asks again.</summary>
public sealed class StarvedMemberTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    [Theory]
    [InlineData(ClientTransport.Managed)]
    [InlineData(ClientTransport.Librdkafka)]
    public async Task Member_OfAGroupThatHasSharedOutNothing_JoinsAnew(ClientTransport transport)
    {
        var topic = Topic.Primitive<string, string>(fixture.NewName());
        var group = $"group-of-{topic.Name}";
        await using var client = new SchemaStreamClient(new SchemaStreamOptions
        {
            BootstrapServers = fixture.Stack.BootstrapServers, RegistryUrl = fixture.Stack.RegistryUrl, Transport = transport,
        });
        await client.EnsureTopicAsync(topic, new TopicSpecification { PartitionCount = 2 });
        await using var producer = await client.CreateProducerAsync(topic);
        await producer.SendAsync("key", "read in the end");
        await using var leader = await IgnorantLeader.JoinAsync(fixture.Stack.BootstrapServers, group, topic.Name);
        await using var consumer = await client.CreateConsumerAsync(topic, group);
        await leader.ShareOutNothingAsync();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            record.Value.ShouldBe("read in the end");
            break;
        }
    }

    /// <summary>A member by hand, which is there first and so leads. Once it has shared out it does not come back.</summary>
    private sealed class IgnorantLeader(KafkaConnection connection, string group, string topic) : IAsyncDisposable
    {
        private const short FindVersion = 2;
        private const short JoinVersion = 5;
        private const short SyncVersion = 3;

        /// <summary>No partitions of no topics.</summary>
        private static readonly byte[] Nothing = [0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];

        private string _memberId = "";

        private KafkaConnection Connection => connection;

        public static async Task<IgnorantLeader> JoinAsync(string bootstrapServers, string group, string topic)
        {
            var address = bootstrapServers.Split(':');
            var leader = new IgnorantLeader(await KafkaConnection.ConnectAsync(address[0], int.Parse(address[1], null)), group, topic);
            JoinGroupResponse joined;
            do
            {
                await leader.Connection.SendAsync(new FindCoordinatorRequest { Key = group }, FindVersion); // makes what groups are kept in
                joined = await leader.JoinAsync();
                leader._memberId = joined.MemberId; // the first answer only gives a name
            }
            while (joined.ErrorCode != ErrorCode.None);
            (await leader.SyncAsync(joined)).ShouldBe(ErrorCode.None);
            return leader;
        }

        public async Task ShareOutNothingAsync()
        {
            JoinGroupResponse joined;
            ErrorCode synced;
            do
            {
                joined = await JoinAsync();
                joined.ErrorCode.ShouldBe(ErrorCode.None);
                synced = await SyncAsync(joined);
                synced.ShouldBeOneOf(ErrorCode.None, ErrorCode.RebalanceInProgress); // the other may join between the two
            }
            while (joined.Members.Count < 2 || synced != ErrorCode.None);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private Task<JoinGroupResponse> JoinAsync()
        {
            byte[] name = System.Text.Encoding.UTF8.GetBytes(topic);
            var request = new JoinGroupRequest
            {
                GroupId = group, MemberId = _memberId, ProtocolType = "consumer", SessionTimeoutMs = 1_800_000, RebalanceTimeoutMs = 500,
            };
            request.Protocols.Add(new JoinGroupRequest.JoinGroupRequestProtocol
            {
                Name = "range", Metadata = (byte[])[0, 0, 0, 0, 0, 1, 0, (byte)name.Length, .. name, 0xff, 0xff, 0xff, 0xff],
            });
            return connection.SendAsync(request, JoinVersion);
        }

        private async Task<ErrorCode> SyncAsync(JoinGroupResponse joined)
        {
            var request = new SyncGroupRequest { GroupId = group, GenerationId = joined.GenerationId, MemberId = _memberId };
            request.Assignments.AddRange(joined.Members.Select(
                member => new SyncGroupRequest.SyncGroupRequestAssignment { MemberId = member.MemberId, Assignment = Nothing }));
            return (await connection.SendAsync(request, SyncVersion)).ErrorCode;
        }
    }
}
