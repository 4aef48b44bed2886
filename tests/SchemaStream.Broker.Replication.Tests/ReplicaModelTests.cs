using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication.Tests;

/// <summary>
/// Random histories of three replicas: writes, fetches and answers in any order, answers that are lost or come late, brokers
/// that die with or without their power, elections that some hear of late. After every step nothing that was committed is
/// lost or changed. A failure names its seed; the same seed makes the same history.
/// </summary>
public sealed class ReplicaModelTests
{
    private const int Steps = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void WhatIsCommitted_StaysWhatAndWhereItIs(int seed)
    {
        for (var history = 0; history < 40; history++)
        {
            new History((seed * 100_000) + history).Run();
        }
    }

    private sealed class History
    {
        private static readonly int[] Ids = [1, 2, 3];

        private readonly Random _random;
        private readonly ReplicaSet _set;
        private readonly List<string> _steps = [];
        private readonly HashSet<int> _down = [];
        private readonly List<(int Follower, LeaderAnswer Answer)> _answers = [];
        private readonly List<(int Leader, IsrProposal Proposal, ErrorCode Error, LeaderAndIsr? Accepted)> _decisions = [];
        private readonly List<(string Value, Ack Ack)> _writes = [];
        private readonly List<string> _committed = [];
        private readonly Dictionary<int, (int LeaderEpoch, long HighWatermark)> _watermarks = [];
        private readonly int _minInSync;
        private int _value;

        public History(int seed)
        {
            _steps.Add($"seed {seed}");
            _random = new Random(seed);
            _minInSync = _random.Next(1, 3);
            _set = new ReplicaSet(Ids);
            foreach (var id in Ids)
            {
                _set[id].MinInSyncReplicas = _minInSync;
            }

            _set.Elect(1, Ids);
        }

        public void Run()
        {
            try
            {
                for (var step = 0; step < Steps; step++)
                {
                    _set.NowMs += _random.Next(200);
                    Step();
                    Check();
                }

                Settle();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{e.Message}\n{string.Join('\n', _steps)}", e);
            }
        }

        private void Step()
        {
            var id = Ids[_random.Next(Ids.Length)];
            switch (_random.Next(24))
            {
                case < 5:
                    Write(id);
                    break;
                case < 11:
                    Ask(id);
                    break;
                case < 17:
                    Deliver();
                    break;
                case 17:
                    Propose(id);
                    break;
                case 18:
                    AnswerProposal();
                    break;
                case 19:
                    Elect();
                    break;
                case 20 or 21:
                    Tell(id);
                    break;
                case 22:
                    Die(id);
                    break;
                default:
                    ComeBack(id);
                    break;
            }
        }

        private void Write(int id)
        {
            if (_down.Contains(id) || _set[id].Role != PartitionRole.Leader)
            {
                return;
            }

            var value = $"v{_value++}";
            var appended = _set.Append(id, acksAll: true, value);
            if (appended.Error == ErrorCode.None)
            {
                var ack = new Ack();
                _steps.Add($"{id} appends {value} at {appended.BaseOffset} in epoch {_set[id].LeaderEpoch}");
                _set[id].AwaitCommit(appended.NextOffset, long.MaxValue, ack);
                _writes.Add((value, ack));
            }
        }

        private void Ask(int id)
        {
            var leader = _set[id].LeaderId;
            if (_down.Contains(id) || _set[id].Role != PartitionRole.Follower || leader < 0 || _down.Contains(leader))
            {
                return;
            }

            var answer = _set.Ask(id, leader, maxBytes: _random.Next(1, 400));
            _answers.Add((id, answer));
        }

        private void Deliver()
        {
            if (_answers.Count == 0)
            {
                return;
            }

            var index = _random.Next(_answers.Count);
            var (follower, answer) = _answers[index];
            if (_random.Next(5) > 0)
            {
                _answers.RemoveAt(index);
            }

            if (_down.Contains(follower))
            {
                return;
            }

            var before = _set[follower].LogEndOffset;
            var truncation = _set.Take(follower, answer);
            _steps.Add($"{follower} takes an answer of epoch {answer.Asked.LeaderEpoch}: {before} -> {_set[follower].LogEndOffset}");
            (truncation is { Outcome: FollowerOutcome.Taken, LostCommitted: true }).ShouldBeFalse("no election was unclean");
        }

        private void Propose(int id)
        {
            if (!_down.Contains(id) && _set[id].ProposeIsr(_set.NowMs, _set) is { } proposal)
            {
                // The request may get lost on the way there, or its answer on the way back.
                var (error, accepted) = _random.Next(4) == 0
                    ? (ErrorCode.RequestTimedOut, null)
                    : _set.AlterPartition(proposal);
                _steps.Add($"{id} proposes {string.Join(',', proposal.NewIsr.Select(member => member.BrokerId))}: {error}");
                _decisions.Add(_random.Next(4) == 0
                    ? (id, proposal, ErrorCode.RequestTimedOut, null)
                    : (id, proposal, error, accepted));
            }
        }

        private void AnswerProposal()
        {
            if (_decisions.Count > 0)
            {
                var index = _random.Next(_decisions.Count);
                var (leader, proposal, error, accepted) = _decisions[index];
                _decisions.RemoveAt(index);
                _steps.Add($"{leader} is answered {error}");
                _set[leader].IsrAnswered(proposal, error, accepted, _set.NowMs);
            }
        }

        private void Elect()
        {
            var candidates = _set.State.Isr.Where(id => !_down.Contains(id)).ToArray();
            if (candidates.Length > 0)
            {
                var leader = candidates[_random.Next(candidates.Length)];
                _set.Decide(leader, [.. _set.State.Isr]);
                _steps.Add($"{leader} is elected, epoch {_set.State.LeaderEpoch}, isr {string.Join(',', _set.State.Isr)}");
                CheckElected(leader);
            }
        }

        private void Tell(int id)
        {
            if (!_down.Contains(id))
            {
                _steps.Add($"{id} hears of epoch {_set.State.LeaderEpoch}");
                _set.Tell(id);
            }
        }

        private void Die(int id)
        {
            if (!_down.Add(id))
            {
                return;
            }

            // The last of the ISR stays in it, and so may lose its process but not its power.
            var isLast = _set.State.Isr.Count == 1 && _set.State.Isr[0] == id;
            if (isLast || _random.Next(2) == 0)
            {
                _steps.Add($"{id} dies");
                _set.Restart(id, _set[id].HighWatermark);
            }
            else
            {
                _steps.Add($"{id} loses power");
                Leave(id);
                _set.LosePower(id, _random);
            }

            _set[id].MinInSyncReplicas = _minInSync;
            _watermarks.Remove(id);
        }

        private void ComeBack(int id)
        {
            if (_down.Remove(id))
            {
                // An unclean stop: it leaves the ISR when it registers, if it is not the last.
                Leave(id);
                _set.Fenced.Remove(id);
                _steps.Add($"{id} is back with {_set[id].LogEndOffset}");
                _set.Tell(id);
            }
        }

        private void Leave(int id)
        {
            _set.Fenced.Add(id);
            var rest = _set.State.Isr.Where(member => member != id).ToArray();
            if (rest.Length > 0 && rest.Length < _set.State.Isr.Count)
            {
                var leader = _set.State.LeaderId == id ? rest[_random.Next(rest.Length)] : _set.State.LeaderId;
                _set.Decide(leader, rest);
                _steps.Add($"{id} leaves the isr, {leader} leads epoch {_set.State.LeaderEpoch}");
                CheckElected(leader);
            }
        }

        private void CheckElected(int leader) =>
            _set.Values(leader).Take(_committed.Count).ShouldBe(_committed, "an elected leader has all that is committed");

        private void Check()
        {
            foreach (var id in Ids)
            {
                var replica = _set[id];
                var values = _set.Values(id);
                var watermark = (int)replica.HighWatermark;
                watermark.ShouldBeLessThanOrEqualTo(values.Count);
                if (replica.Role == PartitionRole.Leader)
                {
                    if (_watermarks.TryGetValue(id, out var last) && last.LeaderEpoch == replica.LeaderEpoch)
                    {
                        replica.HighWatermark.ShouldBeGreaterThanOrEqualTo(last.HighWatermark);
                    }

                    _watermarks[id] = (replica.LeaderEpoch, replica.HighWatermark);
                    _committed.AddRange(values.Take(watermark).Skip(_committed.Count));
                }

                var known = Math.Min(watermark, _committed.Count);
                values.Take(known).ShouldBe(_committed.Take(known), $"replica {id} below its high watermark");
            }

            foreach (var (value, _) in _writes.Where(write => write.Ack.Error == ErrorCode.None))
            {
                _committed.ShouldContain(value);
            }

            _writes.RemoveAll(write => write.Ack.Error is not null);
        }

        /// <summary>Everyone is back and hears of everything: in the end all have the same.</summary>
        private void Settle()
        {
            _steps.Add("settle");
            foreach (var id in Ids)
            {
                ComeBack(id);
            }

            foreach (var id in Ids)
            {
                _set.Tell(id);
            }

            while (_decisions.Count > 0)
            {
                AnswerProposal();
            }

            for (var round = 0; round < 6; round++)
            {
                _set.CatchUp([.. Ids.Where(id => id != _set.State.LeaderId)]);
                _set.NowMs += 6_000;
                _set.AlterIsr(_set.State.LeaderId);
            }

            Check();
            var leader = _set.Values(_set.State.LeaderId);
            foreach (var id in Ids)
            {
                _set.Values(id).ShouldBe(leader);
            }

            _set.State.Isr.Order().ShouldBe(Ids);
            _committed.ShouldBe(leader);
        }
    }
}
