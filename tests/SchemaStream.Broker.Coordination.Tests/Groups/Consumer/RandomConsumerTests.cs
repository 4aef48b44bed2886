using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Groups.Consumer;

/// <summary>
/// Consumers of both protocols in one group, with silence, deaths, leaves, changed subscriptions, new topics, restarts of the
/// coordinator and failed appends drawn from a seed: thousands of histories. A failure names the seed, and
/// SCHEMASTREAM_GROUP_SEED runs that one alone; the same seed gives the same run.
/// </summary>
public sealed class RandomConsumerTests
{
    private const int Histories = 1_000;
    private const int Steps = 60;
    private const int StepsBetweenReplays = 15;
    private const string OneSeed = "SCHEMASTREAM_GROUP_SEED";

    [Fact]
    public void Histories_OfAnySeed_KeepTheRules()
    {
        var isOne = int.TryParse(Environment.GetEnvironmentVariable(OneSeed), out var only);
        var seeds = isOne ? Enumerable.Repeat(only, 1) : Enumerable.Range(1, Histories);
        var (mixed, steady) = (0, 0);
        foreach (var seed in seeds)
        {
            try
            {
                var run = new Run(seed);
                for (var step = 1; step <= Steps; step++)
                {
                    run.Step();
                    run.Check(replays: step % StepsBetweenReplays == 0);
                }

                run.Settle();
                mixed += run.WasMixed ? 1 : 0;
                steady += run.EpochsSeen > 2 ? 1 : 0;
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"{OneSeed}={seed} fails: {broken.Message}", broken);
            }
        }

        if (!isOne)
        {
            mixed.ShouldBeGreaterThan(Histories / 10, "or no group ever had members of both protocols");
            steady.ShouldBeGreaterThan(Histories / 2, "or nothing was tried");
        }
    }

    private sealed class Run
    {
        private readonly Random _random;
        private readonly List<ConsumerClient> _consumers = [];
        private readonly List<ClassicClient> _classics = [];
        private readonly HashSet<int> _epochs = [];
        private readonly Dictionary<string, int> _memberEpochs = new(StringComparer.Ordinal);
        private readonly ShardDriver _driver;
        private TestTopics _topics = TestTopics.Of(("orders", 5), ("bills", 3));
        private int _lastEpoch;
        private int _names;

        public Run(int seed)
        {
            _random = new Random(seed);
            _driver = new ShardDriver(
                new GroupShardOptions
                {
                    ConsumerMaxSize = seed % 7 == 0 ? 3 : int.MaxValue,
                    MaxSize = seed % 11 == 0 ? 3 : int.MaxValue,
                    ConsumerMigrationPolicy = seed % 5 == 0 ? ConsumerGroupMigrationPolicy.Disabled : ConsumerGroupMigrationPolicy.Bidirectional,
                    ConsumerAssignors = seed % 2 == 0 ? ["uniform", "range"] : ["range", "uniform"],
                },
                topics: _topics);
        }

        public bool WasMixed { get; private set; }

        public int EpochsSeen => _epochs.Count;

        private bool IsStable =>
            _driver.Shard.State.ConsumerGroups.TryGetValue(Group, out var group) && group.State.ToString() == "Stable";

        public void Step()
        {
            _driver.AppendError = _random.Next(15) == 0 ? ErrorCode.NotEnoughReplicas : ErrorCode.None;
            switch (_random.Next(20))
            {
                case 0 when _consumers.Count < 4:
                    _consumers.Add(NewConsumer());
                    break;
                case 1 when _classics.Count < 3:
                    _classics.Add(new ClassicClient(_driver, $"old{++_names}"));
                    break;
                case 2:
                    _driver.Advance(TimeSpan.FromSeconds(_random.Next(1, 40)));
                    break;
                case 3 when _consumers.Count > 0:
                    Any(_consumers).Leave(_random.Next(3) == 0 ? ConsumerGroupHeartbeatCommand.LeaveForAWhile : ConsumerGroupHeartbeatCommand.Leave);
                    break;
                case 4 when _consumers.Count > 0:
                    // Dies without a word; a static one comes back under another id.
                    var dead = Any(_consumers);
                    _consumers.Remove(dead);
                    if (dead.Instance is not null)
                    {
                        _consumers.Add(NewConsumer(dead.Instance));
                    }

                    break;
                case 5 when _classics.Count > 0:
                    Any(_classics).Leave();
                    break;
                case 6 when _classics.Count > 0:
                    _classics.Remove(Any(_classics));
                    break;
                case 7 when _consumers.Count > 0:
                    Resubscribe(Any(_consumers));
                    break;
                case 8 when _random.Next(4) == 0:
                    _topics = _random.Next(3) == 0
                        ? _topics.With("orders", 5, id: $"orders {++_names}")
                        : Grown(_random.Next(2) == 0 ? "orders" : "orders-eu");
                    _driver.Topics = _topics;
                    break;
                case 9 when _random.Next(3) == 0:
                    Commit();
                    break;
                case < 15 when _consumers.Count > 0:
                    Any(_consumers).Beat();
                    break;
                case var _ when _classics.Count > 0:
                    Any(_classics).Step();
                    break;
                default:
                    break;
            }
        }

        /// <summary>What must hold after every step.</summary>
        public void Check(bool replays)
        {
            if (replays)
            {
                Describe(_driver.Restart().Shard.State).ShouldBe(Describe(_driver.Shard.State));
            }

            if (!_driver.Shard.State.ConsumerGroups.TryGetValue(Group, out var group))
            {
                _lastEpoch = 0;
                _memberEpochs.Clear();
                return;
            }

            That(!_driver.Shard.State.Groups.ContainsKey(Group), "a group is of one protocol");
            That(group.GroupEpoch >= _lastEpoch, "the group's epoch does not go back");
            That(group.AssignmentEpoch <= group.GroupEpoch, "a target is of an epoch that there was");
            _lastEpoch = group.GroupEpoch;
            _epochs.Add(group.GroupEpoch);
            WasMixed |= group.Members.Values.Select(member => member.IsClassic).Distinct().Count() == 2;

            var owners = new Dictionary<TopicPartitionId, string>();
            foreach (var member in group.Members.Values)
            {
                foreach (var partition in member.Current.Assigned.Concat(member.Current.PendingRevocation))
                {
                    That(owners.TryAdd(partition, member.MemberId) && group.Owner(partition) == member.MemberId, "a partition has one owner");
                }

                That(member.MemberEpoch <= group.GroupEpoch, "a member's epoch is one of the group's");
                That(
                    member.MemberEpoch <= 0 || member.MemberEpoch >= _memberEpochs.GetValueOrDefault(member.MemberId),
                    "a member's epoch does not go back");

                _memberEpochs[member.MemberId] = Math.Max(0, member.MemberEpoch);
            }

            foreach (var gone in _memberEpochs.Keys.Where(memberId => group.Member(memberId) is null).ToArray())
            {
                _memberEpochs.Remove(gone);
            }

            foreach (var client in _consumers.Where(client => client.Epoch > 0))
            {
                if (group.Member(client.MemberId) is { MemberEpoch: > 0 } member)
                {
                    That(client.Owned.IsSubsetOf(member.Current.Assigned.Union(member.Current.PendingRevocation)), "a client reads what is its own");
                }
            }
        }

        /// <summary>Left in peace, the members that live share everything among them; and when all die nothing is left behind.</summary>
        public void Settle()
        {
            _driver.AppendError = ErrorCode.None;
            _classics.ForEach(client => client.LookAtTopics());
            var stable = 0;
            for (var round = 0; round < 40 && (round < 16 || stable < 3); round++)
            {
                stable = IsStable ? stable + 1 : 0;
                foreach (var client in _consumers)
                {
                    client.Beat();
                }

                _classics.ForEach(client => client.Step());
                _driver.Advance(TimeSpan.FromSeconds(5));
                Check(replays: false);
            }

            var members = _consumers.Where(client => client.Epoch > 0).ToArray();
            if (_driver.Shard.State.ConsumerGroups.TryGetValue(Group, out var group) && !group.Members.IsEmpty)
            {
                group.State.ToString().ShouldBe("Stable");
                var read = PartitionSet.Of(group.SubscribedTopics().SelectMany(name => _topics.All(name)));
                var owned = members.SelectMany(client => client.Owned).Concat(_classics.SelectMany(client => client.Owned)).ToArray();
                owned.ShouldBeUnique();
                PartitionSet.Of(owned).ShouldBe(read);
                foreach (var member in members)
                {
                    member.Owned.ShouldBe(group.Target(member.MemberId));
                }
            }
            else if (_classics.Any(client => client.IsSettled))
            {
                var owned = _classics.SelectMany(client => client.Owned).ToArray();
                owned.ShouldBeUnique();
                PartitionSet.Of(owned).ShouldBe(_topics.All("orders"));
            }

            _driver.Advance(TimeSpan.FromMinutes(20));
            _driver.Waiting.ShouldBeEmpty();
            _driver.Ask(new DescribeGroupCommand(Group)).Members.ShouldBeEmpty();
            _driver.Ask(new DescribeConsumerGroupCommand(Group)).Members.ShouldBeEmpty();
            _driver.Advance(TimeSpan.FromDays(8));
            _driver.Ask(new ListGroupsCommand([], [])).Groups.ShouldBeEmpty();
        }

        /// <summary>Partitions only ever come.</summary>
        private TestTopics Grown(string name) => _topics.TryGet(name, out var known)
            ? _topics.With(known with { PartitionCount = Math.Min(known.PartitionCount + 1, 9) })
            : _topics.With(name, 2);

        /// <summary>Cheaper than an assertion that can tell more, and looked at a million times.</summary>
        private static void That(bool holds, string rule)
        {
            if (!holds)
            {
                throw new InvalidOperationException("Not so: " + rule);
            }
        }

        private void Commit()
        {
            var consumer = _consumers.FirstOrDefault(client => client.Epoch > 0);
            _driver.Send(Requests.Commit(_random.Next(100)) with
            {
                MemberId = consumer?.MemberId ?? "",
                GenerationIdOrMemberEpoch = consumer?.Epoch ?? -1,
                KnowsMemberEpochs = true,
            });
        }

        private ConsumerClient NewConsumer(string? instance = null)
        {
            var client = new ConsumerClient(_driver, $"new{++_names}", instance ?? (_random.Next(3) == 0 ? $"i{_names}" : null))
            {
                Assignor = _random.Next(3) switch { 0 => "range", 1 => "uniform", _ => null },
            };
            Resubscribe(client);
            return client;
        }

        private void Resubscribe(ConsumerClient client)
        {
            (client.Topics, client.Regex) = _random.Next(4) switch
            {
                0 => (["orders", "bills"], ""),
                1 => ((IReadOnlyList<string>)[], "orders.*"),
                _ => (["orders"], ""),
            };
            client.SaysAll = true;
        }

        private T Any<T>(List<T> all) => all[_random.Next(all.Count)];

        private static string Describe(GroupShardState state) => string.Join('\n', Records(state).Select(Hex));

        private static IEnumerable<GroupRecord> Records(GroupShardState state) =>
            state.Groups.OrderBy(group => group.Key).Select(GroupRecord (group) => new GroupMetadataRecord(group.Key, group.Value))
                .Concat(state.ConsumerGroups.Values.OrderBy(group => group.GroupId).SelectMany(group => Enumerable.Empty<GroupRecord>()
                    .Append(new ConsumerGroupMetadataRecord(group.GroupId, group.Metadata))
                    .Append(new ConsumerGroupTargetAssignmentMetadataRecord(group.GroupId, group.AssignmentEpoch))
                    .Concat(group.Members.Values.SelectMany(member => new GroupRecord[]
                    {
                        new ConsumerGroupMemberMetadataRecord(group.GroupId, member.MemberId, member.Metadata),
                        new ConsumerGroupCurrentMemberAssignmentRecord(group.GroupId, member.MemberId, member.Current),
                        new ConsumerGroupTargetAssignmentMemberRecord(group.GroupId, member.MemberId, group.Target(member.MemberId)),
                    }))
                    .Concat(group.RegularExpressions.Select(regex =>
                        new ConsumerGroupRegularExpressionRecord(group.GroupId, regex.Key, regex.Value)))))
                .Concat(state.Offsets.OrderBy(group => group.Key).SelectMany(group => group.Value.All.Select(offset =>
                    new OffsetCommitRecord(group.Key, offset.Topic, offset.Partition, offset.Offset))));

        private static string Hex(GroupRecord record)
        {
            var encoded = GroupRecordFormat.Encode(record);
            return Convert.ToHexString(encoded.Key.Span) + "=" + Convert.ToHexString(encoded.Value.GetValueOrDefault().Span);
        }
    }
}
