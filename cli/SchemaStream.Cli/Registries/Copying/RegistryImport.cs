using System.Text.Json.Nodes;

namespace SchemaStream.Cli.Registries.Copying;

/// <summary>Fills a registry with what another one holds, under the same ids and versions, and checks the outcome.</summary>
/// <remarks>
/// It begins by looking what is there already, so that an import that was interrupted goes on when it is run again; what is
/// there and different is refused before anything is written. Until all is there the target stays in IMPORT mode.
/// </remarks>
/// <param name="target">The registry to fill.</param>
/// <param name="contents">What it shall hold.</param>
/// <param name="progress">Told how many of how many versions are there; null: nobody wants to know.</param>
internal sealed class RegistryImport(RegistryApi target, RegistryContents contents, Action<int, int>? progress = null)
{
    private const string Import = "IMPORT";
    private const int MostNamed = 10;

    private static readonly string[] ResourceParts = ["resourceName", "resourceNamespace", "resourceId", "resourceType"];
    private static readonly string[] LinkParts = ["subject", "associationType", "lifecycle", "frozen"];

    /// <summary>Returns how many versions were missing.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var present = await RegistrySource.ReadAsync(target, cancellationToken);
        var known = present.Schemas.ToDictionary(schema => schema.Key);
        RefuseOthers(known);
        var missing = contents.Schemas.Where(schema => !known.ContainsKey(schema.Key)).ToList();
        var deletions = contents.Schemas
            .Where(schema => schema.IsDeleted && !(known.TryGetValue(schema.Key, out var held) && held.IsDeleted)).ToList();
        if (missing.Count > 0 || deletions.Count > 0)
        {
            await EnterImportAsync(cancellationToken);
        }

        await ContractsAsync(present, cancellationToken);
        await SchemasAsync(missing, deletions, cancellationToken);
        await ConfigsAsync(present, cancellationToken);
        await AssociationsAsync(present, cancellationToken);
        await ModesAsync(cancellationToken);
        await VerifyAsync(cancellationToken);
        return missing.Count;
    }

    private static JsonObject Registration(SchemaVersionEntry schema)
    {
        var body = new JsonObject
        {
            ["version"] = schema.Version,
            ["id"] = schema.Id,
            ["schemaType"] = schema.Type,
            ["schema"] = schema.Text,
        };
        foreach (var part in new[] { "references", "metadata", "ruleSet" })
        {
            if (schema.Json[part] is { } value)
            {
                body[part] = value.DeepClone();
            }
        }

        return body;
    }

    private static string Path(string root, string scope) => scope.Length == 0 ? root : $"{root}/{RegistryApi.Escape(scope)}";

    private void RefuseOthers(Dictionary<(string, int), SchemaVersionEntry> known)
    {
        var others = contents.Schemas.Where(schema => known.TryGetValue(schema.Key, out var held) && !held.IsSameAs(schema)).ToList();
        var strangers = known.Keys.Except(contents.Schemas.Select(schema => schema.Key)).Select(key => $"'{key.Item1}' version {key.Item2}").ToList();
        if (others.Count + strangers.Count > 0)
        {
            throw new RegistryCopyException(
                $"{target.Name} holds what is not from there: " +
                string.Join(", ", others.Select(schema => $"'{schema.Subject}' version {schema.Version}").Concat(strangers).Take(MostNamed)) +
                ". Import into an empty registry, or one that holds a part of the same.");
        }
    }

    private IEnumerable<string> Scopes() =>
        contents.Schemas.Select(schema => schema.Context).Distinct().Order(StringComparer.Ordinal).Prepend("").Distinct();

    private async Task EnterImportAsync(CancellationToken cancellationToken)
    {
        foreach (var scope in Scopes())
        {
            await target.SendCheckedAsync(
                HttpMethod.Put, Path("/mode", scope) + "?force=true", new JsonObject { ["mode"] = Import }, cancellationToken);
        }
    }

    private async Task SchemasAsync(
        List<SchemaVersionEntry> missing, List<SchemaVersionEntry> deletions, CancellationToken cancellationToken)
    {
        var (done, telling) = (0, new Lock());
        foreach (var level in ReferenceOrder.Levels(missing))
        {
            // One subject's versions in their order, different subjects side by side.
            await RegistrySource.EachAsync(level.GroupBy(schema => schema.Subject), async (versions, token) =>
            {
                foreach (var schema in versions.OrderBy(schema => schema.Version))
                {
                    await target.SendCheckedAsync(
                        HttpMethod.Post, $"/subjects/{RegistryApi.Escape(schema.Subject)}/versions", Registration(schema), token);
                    lock (telling)
                    {
                        progress?.Invoke(++done, missing.Count);
                    }
                }
            }, cancellationToken);
        }

        // Nothing is deleted until all is there: what is deleted cannot be referenced any more. Who references goes first.
        foreach (var schema in ReferenceOrder.Levels(deletions).Reverse().SelectMany(level => level))
        {
            await target.SendCheckedAsync(
                HttpMethod.Delete, $"/subjects/{RegistryApi.Escape(schema.Subject)}/versions/{schema.Version}", null, cancellationToken);
        }
    }

    /// <summary>Those that were bound on purpose; the others bind themselves as their schemas come.</summary>
    private async Task ContractsAsync(RegistryContents present, CancellationToken cancellationToken)
    {
        var bound = present.Contracts.Select(Essence).ToHashSet();
        foreach (var contract in contents.Contracts.Where(contract => (string?)contract["binding"] == "EXPLICIT" && !bound.Contains(Essence(contract))))
        {
            var body = (JsonObject)contract.DeepClone();
            foreach (var told in new[] { "topic", "binding", "since", "boundBy" })
            {
                body.Remove(told);
            }

            await target.SendCheckedAsync(
                HttpMethod.Put, $"/contracts/topics/{RegistryApi.Escape((string)contract["topic"]!)}", body, cancellationToken);
        }
    }

    private Task ConfigsAsync(RegistryContents present, CancellationToken cancellationToken) =>
        RegistrySource.EachAsync(contents.Configs, async (config, token) =>
        {
            if (present.Configs.TryGetValue(config.Key, out var held) && JsonNode.DeepEquals(held, config.Value))
            {
                return;
            }

            var update = (JsonObject)config.Value.DeepClone();
            if (update["compatibilityLevel"]?.DeepClone() is { } level)
            {
                update.Remove("compatibilityLevel");
                update["compatibility"] = level;
            }

            await target.SendCheckedAsync(HttpMethod.Put, Path("/config", config.Key), update, token);
        }, cancellationToken);

    private async Task AssociationsAsync(RegistryContents present, CancellationToken cancellationToken)
    {
        var held = present.Associations.Select(Link).ToHashSet();
        foreach (var association in contents.Associations.Where(association => !held.Contains(Link(association))))
        {
            var body = new JsonObject();
            foreach (var name in ResourceParts)
            {
                body[name] = association[name]?.DeepClone();
            }

            var link = new JsonObject();
            foreach (var name in LinkParts)
            {
                link[name] = association[name]?.DeepClone();
            }

            body["associations"] = new JsonArray(link);
            await target.SendCheckedAsync(HttpMethod.Post, "/associations", body, cancellationToken);
        }
    }

    /// <summary>The modes of the source; what has none there forgets that it was filled.</summary>
    private async Task ModesAsync(CancellationToken cancellationToken)
    {
        foreach (var scope in contents.Modes.Keys.Concat(Scopes()).Distinct().OrderBy(scope => scope.Length == 0))
        {
            var held = (string?)(await target.FindAsync(Path("/mode", scope), cancellationToken))?["mode"];
            var wanted = contents.Modes.GetValueOrDefault(scope) ?? (scope.Length == 0 ? "READWRITE" : null);
            if (held == wanted)
            {
                continue;
            }

            if (wanted is null)
            {
                await target.SendCheckedAsync(HttpMethod.Delete, Path("/mode", scope), null, cancellationToken);
            }
            else
            {
                await target.SendCheckedAsync(
                    HttpMethod.Put, Path("/mode", scope) + "?force=true", new JsonObject { ["mode"] = wanted }, cancellationToken);
            }
        }
    }

    private async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var found = await RegistrySource.ReadAsync(target, cancellationToken);
        var held = found.Schemas.ToDictionary(schema => schema.Key);
        var wrong = contents.Schemas
            .Where(schema => !held.TryGetValue(schema.Key, out var there) || !there.IsSameAs(schema) || there.IsDeleted != schema.IsDeleted)
            .Select(schema => $"'{schema.Subject}' version {schema.Version}")
            .Concat(contents.Configs
                .Where(config => !found.Configs.TryGetValue(config.Key, out var there) || !JsonNode.DeepEquals(there, config.Value))
                .Select(config => config.Key.Length == 0 ? "the global config" : $"the config of '{config.Key}'"))
            .Concat(contents.Modes
                .Where(mode => found.Modes.GetValueOrDefault(mode.Key) != mode.Value)
                .Select(mode => mode.Key.Length == 0 ? "the global mode" : $"the mode of '{mode.Key}'"))
            .Concat(contents.Contracts.Select(Essence).Except(found.Contracts.Select(Essence)).Select(contract => $"the contract {contract}"))
            .Concat(contents.Associations.Select(Link).Except(found.Associations.Select(Link)).Select(link => $"the association {link}"))
            .ToList();
        if (wrong.Count > 0)
        {
            throw new RegistryCopyException(
                $"{target.Name} was filled, but {wrong.Count} things are not as they were: {string.Join(", ", wrong.Take(MostNamed))}.");
        }
    }

    /// <summary>A contract without who bound it when.</summary>
    private static string Essence(JsonObject contract) => Of(contract, ["topic", "key", "value"]);

    /// <summary>An association without what its registry made of it: its GUID and its times.</summary>
    private static string Link(JsonObject association) => Of(association, [.. ResourceParts, .. LinkParts]);

    private static string Of(JsonObject json, string[] parts) =>
        new JsonObject([.. parts.Select(part => KeyValuePair.Create(part, json[part]?.DeepClone()))]).ToJsonString();
}
