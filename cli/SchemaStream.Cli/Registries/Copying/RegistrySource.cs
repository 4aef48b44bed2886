using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace SchemaStream.Cli.Registries.Copying;

/// <summary>Reads a running registry whole, by what every Confluent-compatible one has; what is ours alone if it is there.</summary>
/// <remarks>
/// Settings of subjects that have no version at all are told by a list of ours alone; another registry's are not read.
/// </remarks>
internal static class RegistrySource
{
    private const int Parallelism = 8;

    public static Task<RegistryContents> ReadAsync(RegistryApi api, CancellationToken cancellationToken) => ReadAsync(api, null, cancellationToken);

    /// <param name="api">The registry.</param>
    /// <param name="progress">Told how many of how many subjects' and contexts' settings have been read; null: nobody wants to know.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RegistryContents> ReadAsync(
        RegistryApi api, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        var schemas = await SchemasAsync(api, cancellationToken);
        var contexts = (await api.FindAsync("/contexts", cancellationToken) as JsonArray ?? [])
            .Select(name => (string)name!).Where(name => name is not (".__GLOBAL" or ".")).Order(StringComparer.Ordinal).ToList();
        var scopes = schemas.Select(schema => schema.Subject)
            .Concat(contexts.Select(context => $":{context}:"))
            .Concat((await api.FindAsync("/settings", cancellationToken) as JsonArray ?? []).Select(name => (string)name!))
            .Append(":.__GLOBAL:").Distinct().ToList();
        var (done, telling) = (0, new Lock());
        void Told()
        {
            lock (telling)
            {
                progress?.Invoke(++done, 2 * (scopes.Count + 1));
            }
        }

        var configs = await SettingsAsync(api, "/config", scopes, Told, cancellationToken);
        var modes = await SettingsAsync(api, "/mode", scopes, Told, cancellationToken);
        return new RegistryContents(
            contexts,
            [.. ReferenceOrder.Levels(schemas).SelectMany(level => level)],
            configs,
            modes.Where(mode => mode.Value["mode"] is not null)
                .ToDictionary(mode => mode.Key, mode => (string)mode.Value["mode"]!, StringComparer.Ordinal),
            await api.PagesAsync("/contracts/topics", cancellationToken),
            await AssociationsAsync(api, scopes, cancellationToken));
    }

    private static async Task<List<SchemaVersionEntry>> SchemasAsync(RegistryApi api, CancellationToken cancellationToken)
    {
        const string Everything = "/schemas?subjectPrefix=%3A%2A%3A";
        var all = await api.PagesAsync(Everything + "&deleted=true", cancellationToken);

        // Older registries list soft-deleted versions without saying so.
        var live = (await api.PagesAsync(Everything, cancellationToken))
            .Select(schema => ((string)schema["subject"]!, (int)schema["version"]!)).ToHashSet();
        return [.. all.Select(schema => new SchemaVersionEntry(schema, !live.Contains(((string)schema["subject"]!, (int)schema["version"]!))))];
    }

    /// <summary>Everyone's under the empty name, and those that subjects and contexts have of their own.</summary>
    private static async Task<IReadOnlyDictionary<string, JsonObject>> SettingsAsync(
        RegistryApi api, string path, IEnumerable<string> scopes, Action read, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<string, JsonObject>(StringComparer.Ordinal);
        await EachAsync(scopes.Prepend(""), async (scope, token) =>
        {
            if (await api.FindAsync(scope.Length == 0 ? path : $"{path}/{RegistryApi.Escape(scope)}", token) is JsonObject settings)
            {
                found[scope] = settings;
            }

            read();
        }, cancellationToken);
        return found.OrderBy(setting => setting.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
    }

    private static async Task<IReadOnlyList<JsonObject>> AssociationsAsync(
        RegistryApi api, List<string> scopes, CancellationToken cancellationToken)
    {
        // Where the API has no associations, the first subject's answer tells.
        var found = new ConcurrentDictionary<string, JsonObject>(StringComparer.Ordinal);
        var subjects = scopes.Where(scope => !scope.EndsWith(':')).ToList();
        if (subjects.Count == 0 || await api.FindAsync($"/associations/subjects/{RegistryApi.Escape(subjects[0])}", cancellationToken) is null)
        {
            return [];
        }

        await EachAsync(subjects, async (subject, token) =>
        {
            foreach (var association in await api.PagesAsync($"/associations/subjects/{RegistryApi.Escape(subject)}", token))
            {
                found[association.ToJsonString()] = association;
            }
        }, cancellationToken);
        return [.. found.OrderBy(association => association.Key, StringComparer.Ordinal).Select(association => association.Value)];
    }

    internal static Task EachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, Task> run, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            (item, token) => new ValueTask(run(item, token)));
}
