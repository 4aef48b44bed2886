using System.Diagnostics;
using System.Net;
using SchemaStream.Bench.Cluster.Wire;
using SchemaStream.Protocol;

namespace SchemaStream.Bench.Cluster.Throughput;

/// <summary>One client that keeps a few produce requests to one partition under way, as fast as its leader takes them.</summary>
internal sealed class ProduceLoad(EndPoint leader, byte[] frame, int inFlight)
{
    /// <summary>Produces for so long; returns how many requests were acknowledged.</summary>
    public long Run(TimeSpan length)
    {
        using var session = new RawSession(leader);
        for (var i = 0; i < inFlight; i++)
        {
            session.Send(frame);
        }

        var start = Stopwatch.GetTimestamp();
        var acknowledged = 0L;
        while (Stopwatch.GetElapsedTime(start) < length)
        {
            Receive(session);
            acknowledged++;
            session.Send(frame);
        }

        for (var i = 0; i < inFlight; i++)
        {
            Receive(session);
            acknowledged++;
        }

        return acknowledged;
    }

    /// <summary>Produces so many requests.</summary>
    public void Run(long requests)
    {
        using var session = new RawSession(leader);
        for (var (sent, received) = (0L, 0L); received < requests;)
        {
            if (sent < requests && sent - received < inFlight)
            {
                session.Send(frame);
                sent++;
            }
            else
            {
                Receive(session);
                received++;
            }
        }
    }

    private static void Receive(RawSession session)
    {
        session.Receive();
        if (session.Produced() is { ErrorCode: not ErrorCode.None } refused)
        {
            throw new InvalidOperationException($"A produce was answered with {refused.ErrorCode} {refused.ErrorMessage}");
        }
    }
}
