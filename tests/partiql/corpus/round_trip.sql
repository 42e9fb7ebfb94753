SELECT * FROM "music"
SELECT * FROM "music"."by_label" WHERE "label" = 'L'
SELECT "a"."b"[0]."c", "d" FROM "t" WHERE "pk" = ? AND "sk" BETWEEN 1 AND 2 ORDER BY "sk" DESC
SELECT "a" FROM "t" WHERE "a" = 1 AND "b" = 2 OR "c" = 3 AND NOT "d" = 4
SELECT "a" FROM "t" WHERE ("a" = 1 OR "b" = 2) AND ("c" = 3 OR NOT ("d" = 4 OR "e" = 5))
SELECT "a" FROM "t" WHERE "a" IN [1, 'x', TRUE, NULL, [], {}] AND "b" IS MISSING
SELECT "a" FROM "t" WHERE NOT "a" IS MISSING AND NOT "b" IN ['x']
SELECT "a" FROM "t" WHERE begins_with("a", 'it''s') AND size("b") >= 1 AND attribute_type("c", 'SS')
SELECT "a" FROM "t" WHERE "a" = <<'x', 'y'>> AND "b" = {'k': [1, -2, 1.5e10]}
SELECT "say ""hi""" FROM "t" ORDER BY "pk" ASC, "sk"
SELECT count(*) FROM "t"
SELECT DISTINCT "a" FROM "t" GROUP BY "a" HAVING "a" > 1 LIMIT 5 OFFSET 1
SELECT "a" FROM "t" WHERE "a" LIKE 'x%' ESCAPE '!' AND "b" || "c" = "d" + 1 - 2 * 3
SELECT "a" FROM "t" WHERE "a" - ("b" - "c") = - "d"
SELECT "a" AS "b" FROM "t" AS "u", "v"
INSERT INTO "t" VALUE {'pk': ?, 'list': [1, [2]], 'set': <<1, 2>>, 'map': {'x': FALSE}}
INSERT INTO "t" VALUE ?
INSERT INTO "t" <<{'pk': 1}>>
UPDATE "t" SET "a"."b"[1] = "c" + ? SET "d" = list_append("d", [1]) REMOVE "e" WHERE "pk" = 'x'
UPDATE "t" SET "s" = set_add("s", <<'x'>>) WHERE "pk" = ? AND "n" < 5 RETURNING MODIFIED NEW *
DELETE FROM "t" WHERE "pk" = ?
DELETE FROM "t" WHERE "pk" = ? RETURNING ALL OLD *
exists(SELECT * FROM "t" WHERE "pk" = ? AND "x" = 1)
