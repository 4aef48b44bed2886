using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>Requests and answers.</summary>
internal sealed partial class LeaderFetcher
{
    private readonly System.Threading.Lock _framesGate = new();
    private readonly Stack<FetchedFrame> _frames = [];

    /// <summary>Sends the turn's request whenever it is called, until the connection ends.</summary>
    private async Task TakeTurnsAsync(FetchTurn turn, KafkaConnection connection, CancellationToken ends)
    {
        while (true)
        {
            await turn.Call.WaitAsync().ConfigureAwait(false);
            ends.ThrowIfCancellationRequested();
            if (Begin(turn))
            {
                var loan = await connection
                    .SendAsync(turn.Request, FetchRequest.MaxVersion, turn.Response, ends).ConfigureAwait(false);
                TakeAnswer(turn, loan);
            }
        }
    }

    /// <summary>
    /// Asks for all that is ready, beginning behind the partition that had data last: when a response is full, the next
    /// one serves the others first.
    /// </summary>
    private bool Begin(FetchTurn turn)
    {
        lock (_gate)
        {
            if (turn.At != FetchTurn.Stage.Called)
            {
                return false;
            }

            turn.Begin(_brokerEpoch);
            for (var i = 0; i < _order.Count && _ready > 0; i++)
            {
                var partition = _order[(_first + i) % _order.Count];
                if (partition.At == FollowedPartition.Stage.Ready && !IsHeldBack(partition))
                {
                    partition.At = FollowedPartition.Stage.Fetched;
                    partition.Turn = turn;
                    _ready--;
                    turn.Add(partition);
                }
            }

            turn.At = turn.Sent.Count > 0 ? FetchTurn.Stage.Sent : FetchTurn.Stage.Idle;
            _mayNudge |= ReferenceEquals(turn, _poll);
            return turn.At == FetchTurn.Stage.Sent;
        }
    }

    /// <summary>One that moves, while all that move have had their share; not one that is in sync, which clients wait for.</summary>
    private bool IsHeldBack(FollowedPartition partition)
    {
        if (!partition.IsThrottled || partition.IsCaughtUp || _quota.DelayMs is not (> 0 and var delayMs))
        {
            return false;
        }

        _ready--;
        DelayFor(partition, delayMs);
        return true;
    }

    private void TakeAnswer(FetchTurn turn, PooledResponse loan)
    {
        if (_isTroubled)
        {
            _isTroubled = false;
            LeaderFound(LeaderId);
        }

        var frame = RentFrame();
        frame.Begin(loan);
        lock (_gate)
        {
            turn.At = FetchTurn.Stage.Answered;
            Sort(turn, frame);
        }

        foreach (var partition in turn.ToAppend)
        {
            partition.Hosted.Lane.Post(partition);
        }

        frame.Release();
        lock (_gate)
        {
            turn.At = FetchTurn.Stage.Idle;
            CallTurns();
        }
    }

    /// <summary>Under the gate: what has news goes to its lane, what has none is ready, what failed has to wait.</summary>
    private void Sort(FetchTurn turn, FetchedFrame frame)
    {
        turn.ToAppend.Clear();
        if (turn.Response.ErrorCode == ErrorCode.None)
        {
            foreach (var topic in turn.Response.Responses)
            {
                foreach (var answer in topic.Partitions)
                {
                    if (_byId.TryGetValue(new TopicIdPartition(topic.TopicId, answer.PartitionIndex), out var partition)
                        && partition.At == FollowedPartition.Stage.Fetched
                        && ReferenceEquals(partition.Turn, turn))
                    {
                        Sort(turn, partition, answer, frame);
                    }
                }
            }
        }

        foreach (var partition in turn.Sent)
        {
            // Asked for and not answered.
            if (partition.At == FollowedPartition.Stage.Fetched && ReferenceEquals(partition.Turn, turn))
            {
                Delay(partition, ErrorCode.UnknownServerError);
            }
        }

        _graceEndsMs = _clock.SteadyMs + GraceMs;
    }

    private void Sort(FetchTurn turn, FollowedPartition partition, FetchResponse.PartitionData answer, FetchedFrame frame)
    {
        var canRestart = answer.ErrorCode == ErrorCode.OffsetOutOfRange && answer.LogStartOffset >= 0;
        if (answer.ErrorCode != ErrorCode.None && !canRestart)
        {
            Delay(partition, answer.ErrorCode);
        }
        else if (!partition.IsNews(answer))
        {
            BecomeReady(partition);
        }
        else
        {
            partition.Take(answer, frame);
            partition.At = FollowedPartition.Stage.Appending;
            _appending++;
            turn.ToAppend.Add(partition);
            if (answer.Records is { Length: > 0 } records)
            {
                _first = partition.Place + 1;
                _quota.Record(partition.IsThrottled ? records.Length : 0);
            }
        }
    }

    private FetchedFrame RentFrame()
    {
        lock (_framesGate)
        {
            return _frames.TryPop(out var frame) ? frame : new FetchedFrame(ReturnFrame);
        }
    }

    private void ReturnFrame(FetchedFrame frame)
    {
        lock (_framesGate)
        {
            _frames.Push(frame);
        }
    }
}
