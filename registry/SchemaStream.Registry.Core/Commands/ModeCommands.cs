using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>Sets or, with a null mode, forgets a mode. A null subject means the whole registry. Replies the mode set.</summary>
public sealed record SetMode(Subject? Subject, RegistryMode? Mode, ModeChange Change = ModeChange.Checked)
    : IRegistryCommand<ModeReply>
{
    public Decision<ModeReply> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if ((SettingRules.CheckName(Subject) ?? CheckForward() ?? ModeRules.CheckMutable(rules)) is { } refusal)
        {
            return refusal;
        }

        var records = new List<RegistryRecord>();
        var entersImport = Mode == RegistryMode.Import && image.ModeInForce(Subject ?? default) != RegistryMode.Import;
        if (entersImport && Change == ModeChange.Checked && Clear(image, records) is { } occupied)
        {
            return occupied;
        }

        records.Add(new ModeRecord(Subject, Mode));
        return new(new ModeReply(Mode), records);
    }

    private RegistryError? CheckForward() =>
        Mode == RegistryMode.Forward && !InForce.IsEveryone(Subject)
            ? new RegistryError(ErrorCodes.InvalidMode, "Mode FORWARD can be set on ':.__GLOBAL:' only.")
            : null;

    /// <summary>Imported ids must not meet old ones: nothing live may be in scope, and what is soft-deleted goes for good.</summary>
    private RegistryError? Clear(RegistryImage image, List<RegistryRecord> records)
    {
        var scope = image.Subjects.Values.Where(InScope).OrderBy(s => s.Subject).ToArray();
        if (scope.FirstOrDefault(s => s.HasLive) is { } occupied)
        {
            return RegistryError.NotPermitted(
                $"Mode IMPORT needs a scope without schemas, and subject '{occupied.Subject}' has some. " +
                "Delete them, or use force=true.");
        }

        foreach (var subject in scope.Where(s => !s.Versions.IsEmpty))
        {
            if (ContractGate.CheckDeletion(image, subject.Subject) is { } needed)
            {
                return needed;
            }

            records.Add(new ClearSubjectRecord(subject.Subject));
            foreach (var entry in subject.Versions)
            {
                var key = new SubjectVersion(subject.Subject, entry.Version);
                if (DeletionRules.AllReferrers(image, key).FirstOrDefault(r => !InScope(image.Subject(r.Subject)))
                    is { Version: > 0 } referrer)
                {
                    return DeletionRules.Referenced(key)(referrer);
                }

                records.Add(new SchemaRecord(key, null));
            }
        }

        return null;
    }

    private bool InScope(SubjectImage candidate)
    {
        if (Subject is not { } subject || InForce.IsEveryone(subject))
        {
            return true;
        }

        return subject.Name.Length == 0
            ? candidate.Subject.Context == subject.Context
            : candidate.Subject == subject;
    }
}

/// <summary>Forgets a mode. Replies what it was.</summary>
public sealed record DeleteMode(Subject? Subject, Reach Reach = Reach.This) : IRegistryCommand<ModeReply>
{
    public Decision<ModeReply> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if ((SettingRules.CheckName(Subject) ?? ModeRules.CheckMutable(rules)) is { } refusal)
        {
            return refusal;
        }

        var shown = image.OwnMode(Subject);
        if (shown is null && Reach == Reach.This && Subject is { } unset)
        {
            return RegistryError.NothingOwn(unset, "mode");
        }

        var isSet = (Subject is { } named ? image.Subject(named).Mode : image.GlobalMode) is not null;
        return new(new ModeReply(shown),
        [
            .. Reach == Reach.Below ? Below(image) : [],
            .. isSet ? new[] { new ModeRecord(Subject, null) } : [],
        ]);
    }

    /// <summary>Modes of subjects in the context that is meant; the registry's own stands for the default context.</summary>
    private IEnumerable<ModeRecord> Below(RegistryImage image)
    {
        var scope = Subject ?? default;
        return
            from subject in image.Subjects.Values
            where subject.Mode is not null && subject.Subject != scope
            where scope.Name.Length == 0 && scope.Context == subject.Subject.Context
            orderby subject.Subject
            select new ModeRecord(subject.Subject, null);
    }
}

/// <summary>A mode, or none.</summary>
public readonly record struct ModeReply(RegistryMode? Mode);

/// <summary>Whether entering IMPORT demands an empty scope.</summary>
public enum ModeChange
{
    Checked = 0,

    /// <summary><c>force=true</c>.</summary>
    Forced = 1,
}

/// <summary>How far a deletion reaches.</summary>
public enum Reach
{
    This = 0,

    /// <summary><c>recursive=true</c>: everything below as well.</summary>
    Below = 1,
}

internal static class ModeRules
{
    public static RegistryError? CheckMutable(RegistryRules rules) =>
        rules.Settings.ModeMutability == ModeMutability.Immutable
            ? RegistryError.NotPermitted("Modes cannot be changed here: mode.mutability is false.")
            : null;
}
