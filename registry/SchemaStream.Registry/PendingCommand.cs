using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry;

/// <summary>A command on the lane, with the caller who waits for its outcome.</summary>
internal abstract class PendingCommand
{
    public IReadOnlyList<string> Warnings { get; protected set; } = [];

    /// <summary>What was decided last.</summary>
    public IReadOnlyList<RegistryRecord> Records { get; protected set; } = [];

    public abstract void Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now);

    /// <summary>Answers as decided.</summary>
    public abstract void Complete();

    /// <summary>Answers that nothing came of it.</summary>
    public abstract void Fail(RegistryError error);

    /// <summary>Tells that this instance may not decide it: the leader has to be asked.</summary>
    public abstract void Refer();

    /// <summary>Remembers a fault as the answer to give, unless it is decided anew.</summary>
    public abstract void Fault(RegistryError error);

    /// <summary>Remembers the answer to give, whatever else would be decided.</summary>
    public abstract void Refuse(RegistryError error);
}

/// <inheritdoc />
internal sealed class PendingCommand<TReply>(IRegistryCommand<TReply> command) : PendingCommand
    where TReply : notnull
{
    private readonly TaskCompletionSource<Outcome<TReply>> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Outcome<TReply> _outcome;
    private bool _isRefused;

    public Task<Outcome<TReply>> Reply => _reply.Task;

    public override void Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if (_isRefused)
        {
            return;
        }

        var decision = command.Decide(image, rules, now);
        _outcome = decision.Reply;
        Warnings = decision.Warnings;
        Records = decision.Records;
    }

    public override void Complete() => _reply.TrySetResult(_outcome);

    public override void Fail(RegistryError error) => _reply.TrySetResult(error);

    public override void Refer() => _reply.TrySetException(new NotLeaderException());

    public override void Fault(RegistryError error)
    {
        _outcome = error;
        Records = [];
    }

    public override void Refuse(RegistryError error)
    {
        Fault(error);
        Warnings = [];
        _isRefused = true;
    }
}
