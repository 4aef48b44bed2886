using System.Runtime.CompilerServices;
using SchemaStream.Compression;
using SchemaStream.Protocol.Client.Security;
using SchemaStream.Transport.Wire.Connections;
using BatchCompression = SchemaStream.Protocol.Records.CompressionType;

namespace SchemaStream.Transport.Wire.Producing;

/// <content>One loop per broker that sends, and what is heard of what was sent.</content>
internal sealed partial class WireProducer
{
    /// <summary>The first version in which topics are named by their ids.</summary>
    private const short FirstVersionById = 13;

    /// <summary>Sends to one broker, some requests ahead of their answers, for as long as the producer lives.</summary>
    private async Task SendAsync(Sender sender)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the caller holds the lock
        var backoff = _settings.Reconnects.Begin();
        IWireConnection? connection = null;
        try
        {
            while (true)
            {
                await sender.Wakeup.WaitAsync(_stopped).ConfigureAwait(false);
                try
                {
                    if (connection is not null && (connection.IsClosed || sender.IsBroken))
                    {
                        await connection.DisposeAsync().ConfigureAwait(false);
                        connection = null;
                        await sender.WhenAnsweredAsync().ConfigureAwait(false);
                    }

                    connection ??= await ConnectAsync(sender).ConfigureAwait(false);
                    await SendAllAsync(sender, connection).ConfigureAwait(false);
                    backoff.Reset();
                }
                catch (Exception broken) when (!_stopped.IsCancellationRequested && IsPassing(broken))
                {
                    OnUnreachable(sender, broken);
                    await Task.Delay(backoff.Next(), _time, _stopped).ConfigureAwait(false);
                    _wakeup.Set();
                }
            }
        }
        catch (Exception) when (_stopped.IsCancellationRequested)
        {
            // The producer is disposed of: whatever a closing connection says of it is no news.
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<IWireConnection> ConnectAsync(Sender sender)
    {
        var connection = await _cluster.ConnectAsync(sender.NodeId, _stopped).ConfigureAwait(false);
        lock (_lock)
        {
            (sender.HasConnected, sender.HeldUntilMs) = (true, 0); // what was held was the connection before it
        }

        return connection;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAllAsync(Sender sender, IWireConnection connection)
    {
        while (TryFill(sender) is { } turn)
        {
            if (!TrySeal(sender, turn))
            {
                continue;
            }

            var version = turn.TopicId == Guid.Empty ? Math.Min(connection.ProduceVersion, (short)(FirstVersionById - 1)) : connection.ProduceVersion;
            if (_settings.Acks == 0)
            {
                await SendUnansweredAsync(sender, connection, turn, version).ConfigureAwait(false);
            }
            else
            {
                await SendAheadAsync(sender, connection, turn, version).ConfigureAwait(false);
            }
        }

        Tell(); // what could not be sent
    }

    private ProduceTurn? TryFill(Sender sender)
    {
        lock (_lock)
        {
            if (sender.IsBroken || sender.Unanswered >= _settings.MaxInFlight || sender.HeldUntilMs > NowMs)
            {
                return null;
            }

            var turn = sender.Spare.TryPop(out var spare) ? spare : new ProduceTurn();
            if (_state.TryFill(turn, sender.NodeId, NowMs))
            {
                return turn;
            }

            sender.Spare.Push(turn);
            return null;
        }
    }

    /// <summary>Not under the lock: checksums and compression take their time.</summary>
    private bool TrySeal(Sender sender, ProduceTurn turn)
    {
        try
        {
            turn.Fill(_settings.Compression);
            return true;
        }
        catch (CompressionException missing)
        {
            lock (_lock)
            {
                _state.OnUnsendable(turn, missing.Message);
                sender.Spare.Push(turn);
            }

            Tell();
            return false;
        }
    }

    private async Task SendUnansweredAsync(Sender sender, IWireConnection connection, ProduceTurn turn, short version)
    {
        try
        {
            await connection.ProduceUnansweredAsync(turn.Request, version, CancellationToken.None).ConfigureAwait(false);
            lock (_lock)
            {
                _state.OnSent(turn);
                sender.Spare.Push(turn);
            }
        }
        catch (Exception broken) when (IsPassing(broken))
        {
            OnBroken(sender, turn, broken);
        }

        Tell();
    }

    /// <summary>Sends a request; what becomes of it is heard later, beside those that are sent meanwhile.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAheadAsync(Sender sender, IWireConnection connection, ProduceTurn turn, short version)
    {
        sender.Begin();
        try
        {
            turn.Hear(
                await connection.ProduceAsync(turn.Request, version, turn.Response, CancellationToken.None).ConfigureAwait(false),
                version >= FirstVersionById,
                sender.Heard ??= heard => OnAnswered(sender, heard));
        }
        catch (Exception broken) when (IsPassing(broken))
        {
            OnBroken(sender, turn, broken);
            sender.End();
        }
    }

    private void OnAnswered(Sender sender, ProduceTurn turn)
    {
        try
        {
            using (turn.TakeAnswer())
            {
                lock (_lock)
                {
                    Hold(sender, turn.Response.ThrottleTimeMs);
                    _state.OnResponse(turn, turn.IsById, NowMs);
                    sender.Spare.Push(turn);
                }
            }
        }
        catch (Exception broken)
        {
            // Whatever it was, the answer is not to be had: the batches go again over another connection.
            OnBroken(sender, turn, broken);
        }

        Tell();
        End(sender);
    }

    /// <summary>Under the lock: a broker that finds a client too busy wants nothing more on its connection for a while (KIP-219).</summary>
    private void Hold(Sender sender, int throttleMs)
    {
        if (throttleMs > 0)
        {
            sender.HeldUntilMs = Math.Max(sender.HeldUntilMs, NowMs + throttleMs);
            _wakeup.Set(); // the loop sets its clock by it
        }
    }

    private void End(Sender sender)
    {
        sender.End();
        if (_settings.Compression == BatchCompression.None)
        {
            sender.Wakeup.SetAndRun(); // the answer's thread sends what is next
        }
        else
        {
            sender.Wakeup.Set(); // it would hear no answers while it compresses
        }

        if (_state.HasTrouble)
        {
            _wakeup.Set();
        }
    }

    private void OnBroken(Sender sender, ProduceTurn turn, Exception broken)
    {
        bool isNews;
        lock (_lock)
        {
            _state.OnNodeFailed(turn, NowMs);
            sender.Spare.Push(turn);
            isNews = !sender.IsBroken;
            sender.IsBroken = true;
        }

        _lastError = broken.Message;
        if (isNews && !_stopped.IsCancellationRequested)
        {
            _logger.BrokerLost(_topic, sender.NodeId, broken.Message);
        }

        _wakeup.Set();
    }

    private void OnUnreachable(Sender sender, Exception broken)
    {
        var reason = Refusals.Explain(broken);
        lock (_lock)
        {
            _state.OnUnreachable(sender.NodeId, NowMs);
            if (broken is KafkaAuthenticationException refused && !sender.HasConnected)
            {
                // It never worked, and will not by itself: better told now than after the delivery time-out.
                _state.OnRefused(sender.NodeId, new BatchFailure(Refusals.CodeOf(refused), reason, IsOutcomeUnknown: false));
            }
        }

        _lastError = reason;
        _logger.BrokersNotAsked(_topic, reason);
        Tell();
    }
}
