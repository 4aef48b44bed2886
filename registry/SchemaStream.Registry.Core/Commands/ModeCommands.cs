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
        if ((SettingRules.CheckName(Subject) ?? ModeRules.CheckMutable(rules)) is { } refusal)
        {
            return refusal;
        }

        if (Mode == RegistryMode.Forward && Subject is not { Context: ".__GLOBAL", Name: "" })
        {
            return new RegistryError(ErrorCodes.InvalidMode, "Mode FORWARD can be set on ':.__GLOBAL:' only.");
        }

        var records = new List<RegistryRecord>();
        var entersImport = Mode == RegistryMode.Import && Current(image) != RegistryMode.Import;
        if (entersImport && Change == ModeChange.Checked && Clear(image, records) is { } occupied)
        {
            return occupied;
        }

        records.Add(new ModeRecord(Subject, Mode));
        return new(new ModeReply(Mode), records);
    }

    private RegistryMode? Current(RegistryImage image) =>
        Subject is { } subject ? image.Subject(subject).Mode : image.GlobalMode;

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
        if (Subject is not { } subject || subject is { Context: ".__GLOBAL", Name: "" })
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

        var old = Subject is { } named ? image.Subject(named).Mode : image.GlobalMode;
        var below = Reach == Reach.Below ? Below(image).ToArray() : [];
        if (old is null && below.Length == 0 && Subject is { } unset && Reach == Reach.This)
        {
            return RegistryError.UnknownSubject(unset);
        }

        return new(new ModeReply(old), [.. below, .. old is null ? [] : new[] { new ModeRecord(Subject, null) }]);
    }

    private IEnumerable<ModeRecord> Below(RegistryImage image) =>
        from subject in image.Subjects.Values
        where subject.Mode is not null && subject.Subject != Subject
        where Subject is not { } scope || (scope.Name.Length == 0 && scope.Context == subject.Subject.Context)
        orderby subject.Subject
        select new ModeRecord(subject.Subject, null);
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
