namespace SchemaStream.Broker.Runtime.Lanes;

/// <summary>Whatever a lane works for and can lose: a partition, a shard. A fault in a command stops it alone.</summary>
public interface ILaneOwner
{
    /// <summary>For log lines: what went offline.</summary>
    string Name { get; }

    /// <summary>Called on the lane. Afterwards every command for this owner is answered with an error.</summary>
    void TakeOffline(Exception cause);
}

/// <summary>One piece of work for a lane. Commands are objects that can be used again, so that posting allocates nothing.</summary>
public abstract class LaneCommand
{
    /// <summary>Who goes offline when <see cref="Execute"/> throws; null when the fault concerns the command alone.</summary>
    protected internal virtual ILaneOwner? Owner => null;

    /// <summary>Set while the poster itself runs the command, before it could have begun to wait for the outcome.</summary>
    internal bool RunsInline { get; set; }

    /// <summary>Does the work, on the lane. It must not wait for anything.</summary>
    protected internal abstract void Execute(Lane lane);

    /// <summary>Answers whoever waits, after <see cref="Execute"/> threw or when the lane has closed. Must not throw.</summary>
    protected internal abstract void Fail(Exception cause);
}
