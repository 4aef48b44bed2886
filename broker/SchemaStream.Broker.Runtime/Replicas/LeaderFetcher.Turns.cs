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

    private bool Begin(FetchTurn turn)
    {
        lock (_gate)
        {
            if (turn.At != FetchTurn.Stage.Called)
            {
                return false;
            }

            turn.Begin(_brokerEpoch);
            var isPoll = ReferenceEquals(turn, _poll);
            if (isPoll && !_session.IsNew)
            {
                AskForNews();
            }
            else
            {
                AskForReady(turn);
            }

            turn.At = (isPoll ? _polled : turn.Sent.Count) > 0 ? FetchTurn.Stage.Sent : FetchTurn.Stage.Idle;
            _mayNudge |= isPoll;
            return turn.At == FetchTurn.Stage.Sent;
        }
    }

    /// <summary>
    /// Asks for all that is ready, beginning behind the partition that had data last: when a response is full, the next
    /// one serves the others first. A poll begins a session with it.
    /// </summary>
    private void AskForReady(FetchTurn turn)
    {
        for (var i = 0; i < _order.Count && _ready > 0; i++)
        {
            var partition = _order[(_first + i) % _order.Count];
            if (partition.At == FollowedPartition.Stage.Ready && !IsHeldBack(partition))
            {
                Ask(turn, partition);
            }
        }

        if (ReferenceEquals(turn, _poll))
        {
            ClearTouched();
            _session.Write(turn.Request);
        }
    }

    /// <summary>Tells the session what is ready now, and what is not to be fetched any more. The leader begins where it ended.</summary>
    private void AskForNews()
    {
        HoldBackThrottled();
        _touched.Sort(static (left, right) => left.Place.CompareTo(right.Place));
        foreach (var partition in _touched)
        {
            if (partition.At == FollowedPartition.Stage.Ready && !IsHeldBack(partition))
            {
                Ask(_poll, partition);
            }
        }

        if (_polled == 0)
        {
            // A session of nothing is none; what is ready later begins one.
            RestartSession();
            return;
        }

        foreach (var partition in _touched)
        {
            if (partition.IsInSession && !IsPolled(partition))
            {
                partition.IsInSession = false;
                if (!_byId.TryGetValue(partition.Hosted.Id, out var now) || !now.IsInSession)
                {
                    _poll.Forget(partition);
                }
            }
        }

        ClearTouched();
        _session.Write(_poll.Request);
    }

    private void Ask(FetchTurn turn, FollowedPartition partition)
    {
        // First the turn: by it the partition is counted.
        partition.Turn = turn;
        Move(partition, FollowedPartition.Stage.Fetched);
        partition.IsInSession = ReferenceEquals(turn, _poll);
        turn.Add(partition);
    }

    private void ClearTouched()
    {
        foreach (var partition in _touched)
        {
            partition.IsTouched = false;
        }

        _touched.Clear();
    }

    /// <summary>The next poll names everything.</summary>
    private void RestartSession()
    {
        _session.Restart();
        foreach (var partition in _order)
        {
            partition.IsInSession = false;
        }
    }

    /// <summary>Looks through all, but only while there is too much of what is throttled.</summary>
    private void HoldBackThrottled()
    {
        if (_quota.DelayMs <= 0)
        {
            return;
        }

        foreach (var partition in _order)
        {
            if (IsPolled(partition))
            {
                IsHeldBack(partition);
            }
        }
    }

    /// <summary>One that moves, while all that move have had their share; not one that is in sync, which clients wait for.</summary>
    private bool IsHeldBack(FollowedPartition partition)
    {
        if (!partition.IsThrottled || partition.IsCaughtUp || _quota.DelayMs is not (> 0 and var delayMs))
        {
            return false;
        }

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

    /// <summary>
    /// Under the gate: what has news goes to its lane, what has none is asked for again, what failed has to wait.
    /// </summary>
    private void Sort(FetchTurn turn, FetchedFrame frame)
    {
        turn.ToAppend.Clear();
        var isPoll = ReferenceEquals(turn, _poll);
        var goesOn = isPoll && _session.TryGoOn(turn.Response);
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
                        Sort(turn, partition, answer, frame, goesOn);
                    }
                }
            }
        }

        if (!goesOn)
        {
            SortUnanswered(isPoll ? _order : turn.Sent, turn);
        }

        _graceEndsMs = _clock.SteadyMs + GraceMs;
    }

    /// <summary>Without a session everything is answered, or the leader is broken; or it has forgotten the session, which is nothing.</summary>
    private void SortUnanswered(List<FollowedPartition> asked, FetchTurn turn)
    {
        var isOver = FollowerSession.IsOver(turn.Response.ErrorCode);
        foreach (var partition in asked)
        {
            partition.IsInSession = false;
            if (partition.At != FollowedPartition.Stage.Fetched || !ReferenceEquals(partition.Turn, turn))
            {
                continue;
            }

            if (isOver)
            {
                BecomeReady(partition);
            }
            else
            {
                Delay(partition, ErrorCode.UnknownServerError);
            }
        }
    }

    private void Sort(
        FetchTurn turn, FollowedPartition partition, FetchResponse.PartitionData answer, FetchedFrame frame, bool isInSession)
    {
        var canRestart = answer.ErrorCode == ErrorCode.OffsetOutOfRange && answer.LogStartOffset >= 0;
        if (answer.ErrorCode != ErrorCode.None && !canRestart)
        {
            Delay(partition, answer.ErrorCode);
        }
        else if (partition.IsNews(answer))
        {
            partition.Take(answer, frame);
            Move(partition, FollowedPartition.Stage.Appending);
            _appending++;
            turn.ToAppend.Add(partition);
            if (answer.Records is { Length: > 0 } records)
            {
                _first = partition.Place + 1;
                _quota.Record(partition.IsThrottled ? records.Length : 0);
            }
        }
        else if (!isInSession)
        {
            BecomeReady(partition);
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
