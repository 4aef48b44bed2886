namespace SchemaStream.Samples.Tests.Compose;

/// <summary>A service of <c>docker-compose.yml</c>.</summary>
internal sealed record ComposedService(
    string Name,
    string Image,
    string? Project,
    string? Program,
    IReadOnlyList<string> Profiles,
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<(int Published, int Target)> Ports,
    IReadOnlyList<string> VolumeTargets,
    IReadOnlyList<string> Aliases)
{
    /// <summary>Whether it starts where this profile alone is asked for.</summary>
    public bool IsIn(string profile) => Profiles.Count == 0 || Profiles.Contains(profile);
}
