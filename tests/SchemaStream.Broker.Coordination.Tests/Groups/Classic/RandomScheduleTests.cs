using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Groups.Classic;

/// <summary>
/// Clients that follow the protocol, with silence, restarts, leaves and failed appends drawn from a seed. A failure names
/// the seed, and SCHEMASTREAM_GROUP_SEED runs that one alone; the same seed gives the same run.
/// </summary>
public sealed class RandomScheduleTests
{
    private const int Histories = 2_000;
    private const int Steps = 80;
    private const int StepsBetweenReplays = 20;
    private const string OneSeed = "SCHEMASTREAM_GROUP_SEED";

    [Fact]
    public void Histories_OfAnySeed_KeepTheRules()
    {
        var isOne = int.TryParse(Environment.GetEnvironmentVariable(OneSeed), out var only);
        var seeds = isOne ? Enumerable.Repeat(only, 1) : Enumerable.Range(1, Histories);
        var generations = 0;
        foreach (var seed in seeds)
        {
            try
            {
                var run = new Run(seed);
                for (var step = 0; step < Steps; step++)
                {
                    run.Step();
                    if (step % StepsBetweenReplays == 0)
                    {
                        run.CheckReplay();
                    }
                }

                generations += run.Finish();
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"{OneSeed}={seed} fails: {broken.Message}", broken);
            }
        }

        if (!isOne)
        {
            generations.ShouldBeGreaterThan(Histories * 3, "or nothing was tried");
        }
    }

    private sealed class Run
    {
        private readonly Random _random;
        private readonly ShardDriver _driver;
        private readonly Client[] _clients;
        private readonly Dictionary<int, string> _leaders = [];
        private readonly Dictionary<int, HashSet<string>> _members = [];
        private int _names;

        public Run(int seed)
        {
            _random = new Random(seed);
            _driver = new ShardDriver(new GroupShardOptions
            {
                InitialRebalanceDelay = seed % 3 == 0 ? TimeSpan.FromSeconds(3) : TimeSpan.Zero,
                MaxSize = seed % 5 == 0 ? 3 : int.MaxValue,
            });
            _clients = [.. Enumerable.Range(0, 5).Select(i => new Client { Instance = i < 2 ? $"i{i}" : null })];
            _driver.Effect += effect =>
            {
                if (effect is SendReply { Reply: JoinGroupReply { ErrorCode: ErrorCode.None } joined })
                {
                    CheckGeneration(joined);
                }
            };
        }

        public void Step()
        {
            _driver.AppendError = _random.Next(20) == 0 ? ErrorCode.NotEnoughReplicas : ErrorCode.None;
            var client = _clients[_random.Next(_clients.Length)];
            switch (_random.Next(12))
            {
                case 0:
                    _driver.Advance(TimeSpan.FromSeconds(_random.Next(1, 30)));
                    break;
                case 1 when client.MemberId.Length > 0:
                    _driver.Send(Leave(client.MemberId, client.Instance));
                    client.Forget();
                    break;
                case 2:
                    // The process dies without a word; its requests stay parked.
                    client.Forget();
                    break;
                case 3 when client.Joined is { } member:
                    _driver.Send(Commit(_random.Next(1000), member, partition: _random.Next(3)) with { GroupInstanceId = client.Instance });
                    break;
                default:
                    Proceed(client);
                    break;
            }
        }

        /// <summary>Everyone dies: all that waits must come to an end by itself. Says how many generations there were.</summary>
        public int Finish()
        {
            CheckReplay();
            _driver.AppendError = ErrorCode.None;
            _driver.Advance(TimeSpan.FromMinutes(20));
            _driver.Waiting.ShouldBeEmpty();
            _driver.Ask(new DescribeGroupCommand(Group)).Members.ShouldBeEmpty();
            return _leaders.Count;
        }

        private void Proceed(Client client)
        {
            if (client.Pending is { } token)
            {
                if (_driver.Replies.TryGetValue(token, out var reply))
                {
                    client.Pending = null;
                    Take(client, reply);
                }
            }
            else if (client.Joined is null)
            {
                client.Name ??= $"c{++_names}";
                client.Pending = _driver.Send(
                    Join(client.Name, client.MemberId, client.Instance, _random.Next(8) == 0 ? "sticky,range" : "range,sticky")
                        with { RequireKnownMemberId = client.Instance is null && _random.Next(2) == 0, SupportSkippingAssignment = _random.Next(2) == 0 });
            }
            else if (!client.Synced)
            {
                client.Pending = _driver.Send(Sync(client.Joined, Assignments(client.Joined)) with { GroupInstanceId = client.Instance });
            }
            else
            {
                Take(client, _driver.Ask(Heartbeat(client.Joined) with { GroupInstanceId = client.Instance }));
            }
        }

        private static void Take(Client client, GroupReply reply)
        {
            var error = reply switch
            {
                JoinGroupReply joined => joined.ErrorCode,
                SyncGroupReply synced => synced.ErrorCode,
                HeartbeatReply heard => heard.ErrorCode,
                _ => throw new InvalidOperationException(reply.ToString()),
            };
            switch (error)
            {
                case ErrorCode.None when reply is JoinGroupReply joined:
                    client.MemberId = joined.MemberId;
                    client.Joined = joined;
                    client.Synced = false;
                    break;
                case ErrorCode.None when reply is SyncGroupReply synced:
                    CheckAssignment(client, synced);
                    client.Synced = true;
                    break;
                case ErrorCode.None:
                    break;
                case ErrorCode.MemberIdRequired:
                    client.MemberId = ((JoinGroupReply)reply).MemberId;
                    break;
                case ErrorCode.RebalanceInProgress or ErrorCode.CoordinatorNotAvailable or ErrorCode.IllegalGeneration:
                    client.Joined = null;
                    break;
                case ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId or ErrorCode.GroupMaxSizeReached or ErrorCode.InconsistentGroupProtocol:
                    client.Forget();
                    break;
                default:
                    throw new InvalidOperationException($"unexpected {error}");
            }
        }

        private static string[] Assignments(JoinGroupReply joined) =>
            joined.LeaderId == joined.MemberId && !joined.SkipAssignment
                ? [.. joined.Members.Select(member => $"{member.MemberId}=g{joined.GenerationId}")]
                : [];

        /// <summary>What a member is given was made for its generation.</summary>
        private static void CheckAssignment(Client client, SyncGroupReply synced)
        {
            if (synced.Assignment.Length > 0)
            {
                Text(synced.Assignment).ShouldBe($"g{client.Joined!.GenerationId}");
            }
        }

        /// <summary>A generation has one leader — whom a static member's restart renames — and one list of members.</summary>
        private void CheckGeneration(JoinGroupReply joined)
        {
            if (joined.Members.Count == 0)
            {
                return;
            }

            joined.LeaderId.ShouldBe(joined.MemberId, "only the leader is told the members");
            joined.Members.Select(member => member.MemberId).ShouldContain(joined.MemberId);
            joined.Members.Select(member => member.MemberId).ShouldBeUnique();
            if (_leaders.TryGetValue(joined.GenerationId, out var leader) && leader != joined.LeaderId)
            {
                var instance = joined.Members.Single(member => member.MemberId == joined.LeaderId).GroupInstanceId;
                instance.ShouldNotBeNull($"generation {joined.GenerationId} had leader {leader} and now {joined.LeaderId}");
                joined.SkipAssignment.ShouldBeTrue();
                joined.Members.Count.ShouldBe(_members[joined.GenerationId].Count);
            }

            _leaders[joined.GenerationId] = joined.LeaderId;
            _members[joined.GenerationId] = [.. joined.Members.Select(member => member.MemberId)];
        }

        /// <summary>The log alone gives the durable state, and a stable group is what is kept of it.</summary>
        public void CheckReplay()
        {
            var replayed = _driver.Restart().Shard.State;
            Describe(replayed).ShouldBe(Describe(_driver.Shard.State));
        }

        private static string Describe(GroupShardState state) => string.Join('\n',
            state.Groups.OrderBy(group => group.Key).Select(group => Hex(new GroupMetadataRecord(group.Key, group.Value)))
                .Concat(state.Offsets.OrderBy(group => group.Key).SelectMany(group => group.Value.All.Select(offset =>
                    Hex(new OffsetCommitRecord(group.Key, offset.Topic, offset.Partition, offset.Offset))))));

        private static string Hex(GroupRecord record)
        {
            var encoded = GroupRecordFormat.Encode(record);
            return Convert.ToHexString(encoded.Key.Span) + "=" + Convert.ToHexString(encoded.Value.GetValueOrDefault().Span);
        }
    }

    private sealed class Client
    {
        public string? Instance { get; init; }

        public string? Name { get; set; }

        public string MemberId { get; set; } = "";

        public JoinGroupReply? Joined { get; set; }

        public bool Synced { get; set; }

        public RequestToken? Pending { get; set; }

        public void Forget()
        {
            Name = null;
            MemberId = "";
            Joined = null;
            Synced = false;
            Pending = null;
        }
    }
}
