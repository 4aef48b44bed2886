using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Queries;

/// <summary>Whether an offered schema is one of a subject's versions already.</summary>
/// <remarks>
/// It is if their identities agree. It is as well if they differ only in that one says which version it is, or in that
/// one has written out what the other refers to: clients keep schemas without either.
/// </remarks>
public static class KnownContent
{
    /// <summary>How many versions are read again to compare them with their references written out: the newest.</summary>
    private const int MostWrittenOut = 100;

    /// <summary>The newest version that the candidate is; null if it is none.</summary>
    public static VersionEntry? Find(
        RegistryImage image, RegistryRules rules, SubjectImage subject, Candidate candidate, Visibility visibility)
    {
        var visible = subject.Versions.Where(entry => entry.IsLive || visibility == Visibility.Deleted).Reverse().ToArray();
        return Array.Find(visible, entry => entry.Schema.Guid == candidate.Guid)
            ?? visible.Where((entry, age) => IsSame(image, rules, candidate, entry, age < MostWrittenOut)).FirstOrDefault();
    }

    /// <summary>The version that a registration of the candidate means; null if it means a new one.</summary>
    /// <param name="image">What is there.</param>
    /// <param name="rules">The languages.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="candidate">What is registered.</param>
    /// <param name="request">
    /// Without a version any live one will do, with -1 the latest alone, with another that one, if its id is named too.
    /// </param>
    public static VersionEntry? Registered(
        RegistryImage image, RegistryRules rules, SubjectImage subject, Candidate candidate, SchemaRequest request)
    {
        var found = request.Version switch
        {
            0 => Find(image, rules, subject, candidate, Visibility.Live),
            -1 => subject.Latest is { } latest && IsSame(image, rules, candidate, latest) ? latest : null,
            _ => request.Id > 0 && subject.Find(request.Version) is { IsLive: true } named
                && IsSame(image, rules, candidate, named)
                    ? named
                    : null,
        };
        return found is not null && (request.Id <= 0 || request.Id == found.Schema.Id) ? found : null;
    }

    private static bool IsSame(RegistryImage image, RegistryRules rules, Candidate candidate, VersionEntry entry, bool readAgain = true)
    {
        var (offered, stored) = (candidate.Content, entry.Schema.Content);
        return offered.Guid == stored.Guid
            || (offered.Format == stored.Format
                && Equals(offered.RuleSet, stored.RuleSet)
                && AgreeButForVersion(offered.Metadata, stored.Metadata, entry.Version)
                && IsSameText(image, rules, candidate, entry.Schema, readAgain));
    }

    private static bool AgreeButForVersion(Metadata? offered, Metadata? stored, int storedAs)
    {
        switch (offered?.Version, stored?.Version)
        {
            case (null, not null):
                return Metadata.WithoutVersion(stored)!.Equals(offered ?? new Metadata());
            case ({ } said, null):
                return said == storedAs && Metadata.WithoutVersion(offered)!.Equals(stored ?? new Metadata());
            default:
                return Equals(offered, stored);
        }
    }

    private static bool IsSameText(RegistryImage image, RegistryRules rules, Candidate candidate, StoredSchema stored, bool readAgain)
    {
        if (candidate.Content.References.SequenceEqual(stored.References))
        {
            return candidate.Content.Utf8Text.SequenceEqual(stored.Content.Utf8Text);
        }

        return readAgain
            && candidate.Content.References.Count == 0
            && Candidate.Reopen(image, rules, stored).TryGet(out var parsed, out _)
            && parsed.TextAs("resolved") == candidate.Parsed.TextAs("resolved");
    }
}
