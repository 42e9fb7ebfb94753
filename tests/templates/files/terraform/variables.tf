variable "project" {
  type = string
}

variable "provisioned" {
  type    = bool
  default = false
}

variable "tags" {
  type    = map(string)
  default = {}
}
