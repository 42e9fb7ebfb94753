# Tables by a module, with what belongs to them.
provider "aws" {
  region = var.region
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "tables" {
  type = map(object({
    stage   = optional(string, "dev")
    owner   = optional(string)
    streams = optional(list(object({ view = optional(string, "KEYS_ONLY") })), [])
  }))
  default = {
    orders = { streams = [{}] }
    users  = { stage = "prod", owner = "shop" }
  }
}

locals {
  names   = { a = "x" }
  indexes = yamldecode(file("${path.module}/indexes.yaml"))
}

module "tables" {
  source   = "./tables"
  for_each = var.tables

  name      = "${each.key}-${try(each.value.stage, "none")}"
  owner     = each.value.owner
  view_type = one(each.value.streams[*].view)
  indexes   = can(local.indexes[each.key]) ? local.indexes[each.key] : []
}

resource "aws_kinesis_stream" "changes" {
  name = "changes"
}

resource "aws_dynamodb_kinesis_streaming_destination" "orders" {
  table_name = module.tables["orders"].name
  stream_arn = aws_kinesis_stream.changes.arn
}

resource "aws_dynamodb_contributor_insights" "orders" {
  table_name = module.tables["orders"].name
  mode       = "THROTTLED_KEYS"
}

resource "aws_dynamodb_resource_policy" "orders" {
  resource_arn = module.tables["orders"].arn
  policy       = templatefile("${path.module}/policy.json.tftpl", { arns = values(module.tables)[*].arn })
}

resource "aws_dynamodb_tag" "orders" {
  resource_arn = module.tables["orders"].arn
  key          = "region"
  value        = data.aws_region.current.name
}

resource "aws_dynamodb_table_item" "first" {
  table_name = module.tables["users"].arn
  hash_key   = "id"
  item       = jsonencode({ id = { S = "%{ for n in reverse(["a", "b"]) ~}${n}%{ endfor ~}" } })
}

resource "aws_lambda_function" "projector" {
  function_name = "projector"
}

resource "aws_lambda_event_source_mapping" "projector" {
  event_source_arn               = module.tables["orders"].stream_arn
  function_name                  = aws_lambda_function.projector.arn
  starting_position              = "LATEST"
  batch_size                     = 50
  bisect_batch_on_function_error = true
  function_response_types        = ["ReportBatchItemFailures"]

  filter_criteria {
    filter {
      pattern = jsonencode({ eventName = ["INSERT"] })
    }
  }
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.lost.arn
    }
  }
}

resource "aws_sqs_queue" "lost" {}

resource "aws_appautoscaling_target" "orders" {
  service_namespace  = "dynamodb"
  resource_id        = "table/${module.tables["orders"].name}"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
}

module "registry" {
  source = "terraform-aws-modules/dynamodb-table/aws"
  name   = "unread"
}

data "aws_region" "current" {}
