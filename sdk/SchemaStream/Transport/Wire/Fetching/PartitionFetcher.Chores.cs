using SchemaStream.Protocol;
using SchemaStream.Protocol.Client.Security;
using SchemaStream.Protocol.Messages;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Fetching;

/// <content>Leaders, offsets, epochs.</content>
internal sealed partial class PartitionFetcher
{
    /// <summary>How long the brokers may take to say where a time begins.</summary>
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan QueryRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>The offset of the first record of a time or later, or a named one: asked of the leader until it answers.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="timestampMs">The time, or a name of <see cref="PartitionOffset"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The offset; <see cref="PartitionOffset.End"/> when there is no record as late.</returns>
    /// <exception cref="BrokerException">The brokers could not be asked.</exception>
    public async Task<long> FindAsync(int partition, long timestampMs, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopped);
        var begun = _time.GetTimestamp();
        while (true)
        {
            string reason;
            try
            {
                var found = await AskOffsetAsync(partition, timestampMs, end.Token).ConfigureAwait(false);
                if (found.ErrorCode == ErrorCode.None)
                {
                    return found.Offset < 0 ? PartitionOffset.End : found.Offset;
                }

                reason = found.ErrorCode.ToString();
            }
            catch (Exception failure) when (!end.IsCancellationRequested && IsPassing(failure))
            {
                reason = failure.Message;
            }
            catch (Exception) when (_stopped.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new ObjectDisposedException(typeof(ITopicConsumer<,>).Name);
            }

            if (_time.GetElapsedTime(begun) > QueryTimeout)
            {
                throw new BrokerException("TIMED_OUT", $"asking {_topic}[{partition}] for an offset: {reason}");
            }

            lock (_lock)
            {
                _state.NeedsLayout = true;
            }

            WakeAll();
            await Task.Delay(QueryRetry, _time, end.Token).ConfigureAwait(false);
        }
    }

    private async Task<ListOffsetsResponse.ListOffsetsPartitionResponse> AskOffsetAsync(
        int partition, long timestampMs, CancellationToken cancellationToken)
    {
        int leader;
        int epoch;
        lock (_lock)
        {
            (leader, epoch) = (_state.LeaderOf(partition), _state.EpochOf(partition));
        }

        if (leader < 0)
        {
            return new() { PartitionIndex = partition, ErrorCode = ErrorCode.LeaderNotAvailable };
        }

        var answers = await AskOffsetsAsync(leader, [(partition, epoch, timestampMs)], cancellationToken).ConfigureAwait(false);
        return answers.GetValueOrDefault(partition) ?? new() { PartitionIndex = partition, ErrorCode = ErrorCode.UnknownServerError };
    }

    /// <summary>Under the lock: begins whatever is to be asked now.</summary>
    private void StartChores(long nowMs)
    {
        if (_state.TakeLayoutChore(nowMs))
        {
            Start(LearnLayoutAsync());
        }

        if (_committed is not null && _state.TakeChores(PartitionCursor.Stage.Committed, nowMs) is { Count: > 0 } uncommitted)
        {
            Start(FindCommittedAsync(Versioned(uncommitted)));
        }

        foreach (var group in _state.TakeChores(PartitionCursor.Stage.Position, nowMs).GroupBy(cursor => cursor.LeaderId))
        {
            Start(FindPositionsAsync(group.Key, Versioned(group)));
        }

        foreach (var group in _state.TakeChores(PartitionCursor.Stage.Validation, nowMs).GroupBy(cursor => cursor.LeaderId))
        {
            Start(ValidateAsync(group.Key, Versioned(group)));
        }
    }

    private static List<Chore> Versioned(IEnumerable<PartitionCursor> cursors) =>
        [.. cursors.Select(cursor => new Chore(cursor, cursor.Version, cursor.Offset, cursor.OffsetEpoch, cursor.LeaderEpoch))];

    private async Task LearnLayoutAsync()
    {
        TopicLayout? layout = null;
        await TryAsync(async () => layout = await _cluster.DescribeAsync(_topic, mayCreate: false, _stopped).ConfigureAwait(false)).ConfigureAwait(false);
        lock (_lock)
        {
            if (layout is not null)
            {
                _state.OnLayout(layout, NowMs);
            }
            else
            {
                _state.OnLayoutFailed(NowMs);
            }
        }

        if (layout is not null)
        {
            _layoutLearned?.Invoke(this, layout);
        }

        AfterChange();
        WakeAll();
    }

    private Task FindCommittedAsync(List<Chore> chores) => DoAsync(chores, async () =>
    {
        var offsets = await _committed!.FindAsync([.. chores.Select(chore => chore.Cursor.Index)], _stopped).ConfigureAwait(false);
        lock (_lock)
        {
            for (var index = 0; index < chores.Count; index++)
            {
                _state.OnCommitted(chores[index].Cursor, chores[index].Version, offsets[index]);
            }
        }
    });

    private Task FindPositionsAsync(int leader, List<Chore> chores) => DoAsync(chores, async () =>
    {
        var answers = await AskOffsetsAsync(
            leader, chores.ConvertAll(chore => (chore.Cursor.Index, chore.LeaderEpoch, chore.Offset)), _stopped).ConfigureAwait(false);
        lock (_lock)
        {
            foreach (var chore in chores)
            {
                var answer = answers.GetValueOrDefault(chore.Cursor.Index);
                _state.OnPosition(
                    chore.Cursor, chore.Version, answer?.ErrorCode ?? ErrorCode.UnknownServerError,
                    answer?.Offset ?? PartitionCursor.None, answer?.LeaderEpoch ?? PartitionCursor.None, NowMs);
            }
        }
    });

    private Task ValidateAsync(int leader, List<Chore> chores) => DoAsync(chores, async () =>
    {
        var request = new OffsetForLeaderEpochRequest
        {
            ReplicaId = PartitionCursor.None,
            Topics = [new() { Topic = _topic, Partitions = chores.ConvertAll(Asked) }],
        };
        var response = await _cluster.AskAsync(leader, request, _stopped).ConfigureAwait(false);
        var answers = response.Topics.Where(topic => topic.Topic == _topic).SelectMany(topic => topic.Partitions)
            .DistinctBy(answer => answer.Partition).ToDictionary(answer => answer.Partition);
        lock (_lock)
        {
            foreach (var chore in chores)
            {
                var answer = answers.GetValueOrDefault(chore.Cursor.Index);
                _state.OnValidated(
                    chore.Cursor, chore.Version, answer?.ErrorCode ?? ErrorCode.UnknownServerError,
                    answer?.LeaderEpoch ?? PartitionCursor.None, answer?.EndOffset ?? PartitionCursor.None, NowMs);
            }
        }

        static OffsetForLeaderEpochRequest.OffsetForLeaderPartition Asked(Chore chore) => new()
        {
            Partition = chore.Cursor.Index, CurrentLeaderEpoch = chore.LeaderEpoch, LeaderEpoch = chore.OffsetEpoch,
        };
    });

    private async Task<Dictionary<int, ListOffsetsResponse.ListOffsetsPartitionResponse>> AskOffsetsAsync(
        int leader, List<(int Partition, int Epoch, long Timestamp)> partitions, CancellationToken cancellationToken)
    {
        var request = new ListOffsetsRequest
        {
            ReplicaId = PartitionCursor.None,
            IsolationLevel = _settings.ReadsCommitted ? (sbyte)1 : (sbyte)0,
            TimeoutMs = (int)QueryTimeout.TotalMilliseconds,
            Topics =
            [
                new()
                {
                    Name = _topic,
                    Partitions = partitions.ConvertAll(static asked => new ListOffsetsRequest.ListOffsetsPartition
                    {
                        PartitionIndex = asked.Partition, CurrentLeaderEpoch = asked.Epoch, Timestamp = asked.Timestamp,
                    }),
                },
            ],
        };
        var response = await _cluster.AskAsync(leader, request, cancellationToken).ConfigureAwait(false);
        return response.Topics.Where(topic => topic.Name == _topic).SelectMany(topic => topic.Partitions)
            .DistinctBy(answer => answer.PartitionIndex).ToDictionary(answer => answer.PartitionIndex);
    }

    /// <summary>Does a chore; those that it is for are left alone for a while when it fails.</summary>
    private async Task DoAsync(List<Chore> chores, Func<Task> chore)
    {
        if (!await TryAsync(chore).ConfigureAwait(false))
        {
            lock (_lock)
            {
                chores.ForEach(failed => _state.OnAskedInVain(failed.Cursor, failed.Version, ErrorCode.None, NowMs));
            }
        }

        AfterChange();
        WakeAll();
    }

    private bool HasLayout
    {
        get
        {
            lock (_lock)
            {
                return _state.PartitionCount > 0;
            }
        }
    }

    private async Task<bool> TryAsync(Func<Task> chore)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the caller holds the lock
        try
        {
            await chore().ConfigureAwait(false);
            return true;
        }
        catch (Exception) when (_stopped.IsCancellationRequested)
        {
            return false; // the fetcher is disposed of
        }
        catch (BrokerException refusal)
        {
            _logger.ClientError(_topic, refusal.Code ?? "", refusal.Message);
            return false;
        }
        catch (KafkaAuthenticationException refused) when (!HasLayout)
        {
            FailWith(Refusals.ToException(_topic, refused)); // it never worked, and will not by itself
            return false;
        }
        catch (Exception passing) when (IsPassing(passing))
        {
            _logger.BrokersNotAsked(_topic, Refusals.Explain(passing));
            return false;
        }
        catch (Exception failure)
        {
            FailWith(failure);
            return false;
        }
    }

    /// <summary>What is asked for a partition, as it was when it was asked.</summary>
    private sealed record Chore(PartitionCursor Cursor, int Version, long Offset, int OffsetEpoch, int LeaderEpoch);
}
